"""The director says what is wanted in a period, or no longer wants it."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reports.models import Target
from bawabati.reports.reads import find_target
from bawabati.reports.rules import Measure, NoSuchTarget, Period, check_target
from bawabati.reports.writes import write_target


def set_target(
    *, company_id: int, measure: Measure, period: Period, wanted: int, staff: Staff, now: datetime
) -> Target:
    """The newest word about that measure and period counts, the older ones stay. Not safe to repeat: each is a word.

    `wanted` counts payers or payments; of an amount, centimes.
    Raises NotAllowed, TargetWrong, TargetPeriodWrong. Rule: board-target (service.md S13)
    """
    by = get_staff_allowed(login=staff.login, action=Action.KEEP_TARGETS, company_id=company_id)
    check_target(wanted=wanted, period=period)
    with written_together("set_target: written"):
        return _write(company_id, measure, period, wanted=wanted, by=by, now=now)


def withdraw_target(*, company_id: int, target_id: int, staff: Staff, now: datetime) -> None:
    """It no longer counts; what was said stays. Raises NotAllowed, NoSuchTarget."""
    by = get_staff_allowed(login=staff.login, action=Action.KEEP_TARGETS, company_id=company_id)
    target = find_target(company_id=company_id, target_id=target_id)
    if target is None:
        raise NoSuchTarget
    period = Period(first=target.first_day, last=target.last_day)
    with written_together("withdraw_target: written"):
        _write(company_id, Measure(target.measure), period, wanted=0, by=by, now=now)


def _write(company_id: int, measure: Measure, period: Period, *, wanted: int, by: Staff, now: datetime) -> Target:
    target = write_target(company_id=company_id, measure=measure, period=period, wanted=wanted, by=by, now=now)
    record_act(
        staff_id=by.id,
        company_id=company_id,
        action="set_target",
        target=f"target:{target.id}",
        details={
            "measure": measure.value,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "wanted": wanted,
        },
        now=now,
    )
    return target
