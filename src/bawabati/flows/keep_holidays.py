"""The company's own calendar: a day off of its own, a day that is worked though the calendar says otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.rules import SettingWrong, check_value
from bawabati.companies.writes import lock_company, put_holiday, remove_holiday
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.workdays import accounting_day

MOST_YEARS_AHEAD: Final = 3


class DayOutOfReach(SettingWrong):
    """What has been promised counted with it, or nobody knows yet."""

    code: ClassVar[str] = "day_out_of_reach"
    sentence: ClassVar[str] = "Give a day from today on, within three years."


def keep_holiday(*, company_id: int, day: date, name: str, is_off: bool, staff: Staff, now: datetime) -> None:
    """Says of a day whether the company works on it. Deadlines promised from now on count so; others stay.

    Safe to repeat. Rule: working-days

    Raises:
        NotAllowed, DayOutOfReach, SettingWrong, LooksLikeACardNumber.
    """
    _check_day(day, now)
    check_value("holiday", name)
    with written_together("keep_holiday: kept"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        lock_company(company_id)
        put_holiday(company_id=company_id, day=day, name=name, is_off=is_off)
        _record(company_id, day, {"name": name, "is_off": is_off}, staff, now)


def forget_holiday(*, company_id: int, day: date, staff: Staff, now: datetime) -> None:
    """That day is as the calendar says again. Safe to repeat. Raises NotAllowed, DayOutOfReach."""
    _check_day(day, now)
    with written_together("forget_holiday: forgotten"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        lock_company(company_id)
        if remove_holiday(company_id=company_id, day=day):
            _record(company_id, day, {"forgotten": True}, staff, now)


def _check_day(day: date, now: datetime) -> None:
    today = accounting_day(now)
    if not today <= day <= today + timedelta(days=365 * MOST_YEARS_AHEAD):
        raise DayOutOfReach("day")


def _record(company_id: int, day: date, details: dict[str, object], staff: Staff, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=company_id,
        action="keep_holiday",
        target=f"company:{company_id}",
        details={"day": day.isoformat()} | details,
        now=now,
    )
