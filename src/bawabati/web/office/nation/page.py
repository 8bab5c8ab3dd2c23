"""The national coordinator's page: sums by company for a period, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.companies.models import Company
from bawabati.companies.reads import list_companies
from bawabati.errors import CannotDo
from bawabati.people.rules import Action, Level
from bawabati.reports.reads import sums_of_companies
from bawabati.reports.rules.board import CompanySums, Period
from bawabati.reports.rules.nation import told
from bawabati.reports.rules.periods import BoardPeriodWrong, check_board_period, month_of, usual_period
from bawabati.web.shared.files_out import Cell, Signed, as_file, wanted_form
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

HEADER: Final = (
    *(_("Company"), _("Payers"), _("For the first time"), _("Payments"), _("Paid in, DA")),
    *(_("Gone back, DA"), _("Kept, DA"), _("Attempts online"), _("Paid of them")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company's sums; `sums` None: too few payers to be told without telling of one of them."""

    company: Company | None
    sums: CompanySums | None
    is_hidden: bool = False

    @property
    def share_paid(self) -> int | None:
        """Of the attempts online, in per cent."""
        if self.sums is None or not self.sums.attempts:
            return None
        return round(100 * self.sums.attempts_paid / self.sums.attempts)


@require_safe
@staff_page(Action.SEE_NATION, at=Level.NATION)
def nation(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every company in a row, and all of them together. Rule: sums-by-company, few-payers"""
    today = accounting_day(timezone.now())
    error = ""
    try:
        period = _period(request, today)
    except CannotDo as refused:
        period, error = usual_period(today), sentence_of(refused)
    rows, total = _rows(period)
    form = wanted_form(request)
    if form and not error:
        return as_file(form, name="companies", header=HEADER, rows=_cells([*rows, total]))
    context = {
        "rows": rows,
        "total": total,
        "hidden": any(row.is_hidden for row in rows),
        "period": period,
        "periods": _periods(today),
        "error": error,
    }
    return render(request, "web/office/nation/page.html", context, status=422 if error else 200)


def _rows(period: Period) -> tuple[list[Row], Row]:
    companies = {company.id: company for company in list_companies()}
    shown, total = told(sums_of_companies(period=period))
    rows = [Row(company=companies[company_id], sums=sums, is_hidden=sums is None) for company_id, sums in shown.items()]
    return rows, Row(company=None, sums=total, is_hidden=total is None)


def _period(request: HttpRequest, today: date) -> Period:
    """From the address; the usual days where it names none. Raises BoardPeriodWrong, BoardPeriodTooLong."""
    since, until = request.GET.get("since", ""), request.GET.get("until", "")
    if not since and not until:
        return usual_period(today)
    try:
        period = Period(first=date.fromisoformat(since), last=date.fromisoformat(until))
    except ValueError:
        raise BoardPeriodWrong from None
    check_board_period(period, today=today)
    return period


def _periods(today: date) -> list[tuple[str, Period]]:
    month = month_of(today)
    last_of_before = month.first - timedelta(days=1)
    return [
        (gettext("28 days"), usual_period(today)),
        (gettext("This month"), month),
        (gettext("Last month"), Period(first=last_of_before.replace(day=1), last=last_of_before)),
        (gettext("This year"), Period(first=today.replace(month=1, day=1), last=today)),
    ]


def _cells(rows: Sequence[Row]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        name = str(getattr(row.company, f"name_{get_language()}")) if row.company else gettext("All companies")
        sums = row.sums
        if sums is None:
            yield [name, gettext("too few to tell")]
            continue
        yield [
            *(name, sums.payers, sums.first_payers, sums.payments, Signed(sums.centimes)),
            *(Signed(sums.returned_centimes), Signed(sums.net_centimes), sums.attempts, sums.attempts_paid),
        ]
