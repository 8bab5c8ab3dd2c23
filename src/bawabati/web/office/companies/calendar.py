"""The company's calendar: the holidays that come with us, and what it says itself of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.companies.models import CompanyHoliday
from bawabati.companies.reads import list_company_holidays
from bawabati.errors import CannotDo
from bawabati.flows.keep_holidays import DayOutOfReach, forget_holiday, keep_holiday
from bawabati.people.rules import Action, NotAllowed
from bawabati.web.counter.at_desk import to
from bawabati.web.office.companies.fields import error_above, shown_fields
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day, built_in_holidays

SHOWN_DAYS: Final = 550
_KINDS: Final = {"day": "day", "holiday": "text", "is_off": "flag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that is off, or that the company says something of."""

    day: date
    is_built_in: bool
    said: CompanyHoliday | None

    @property
    def is_off(self) -> bool:
        """As deadlines count."""
        return self.said.is_off if self.said else self.is_built_in


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_COMPANY)
def calendar(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The days to come; whoever may change the company says of a day whether it is worked."""
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            _change(request)
        except CannotDo as refused:
            error = refused
        else:
            return to("office_company_calendar")
    kept = {"day": "", "holiday": "", "is_off": True}
    context = {
        "days": _days(request.place.company.id),
        "fields": shown_fields(request, _KINDS, kept=kept, error=error),
        "error": error_above(error),
        "may_change": request.may(Action.CHANGE_COMPANY),
    }
    return render(request, "web/office/companies/calendar.html", context, status=422 if error else 200)


def _change(request: StaffRequest) -> None:
    """Raises NotAllowed, DayOutOfReach, SettingWrong."""
    if not request.may(Action.CHANGE_COMPANY):
        raise NotAllowed
    company_id, now = request.place.company.id, timezone.now()
    try:
        day = date.fromisoformat(typed_line(request, "day"))
    except ValueError:
        raise DayOutOfReach("day") from None
    if typed_line(request, "act") == "forget":
        forget_holiday(company_id=company_id, day=day, staff=request.staff, now=now)
        return
    keep_holiday(
        company_id=company_id,
        day=day,
        name=typed_line(request, "holiday"),
        is_off="is_off" in request.POST,
        staff=request.staff,
        now=now,
    )


def _days(company_id: int) -> list[Day]:
    today, holidays = accounting_day(timezone.now()), built_in_holidays()
    said = {row.day: row for row in list_company_holidays(company_id) if row.day >= today}
    coming = [today + timedelta(days=ahead) for ahead in range(SHOWN_DAYS)]
    shown = sorted({day for day in coming if day in holidays} | said.keys())
    return [Day(day=day, is_built_in=day in holidays, said=said.get(day)) for day in shown]
