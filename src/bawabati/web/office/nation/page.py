"""The national coordinator's page: sums by company for a period, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell, Signed
from bawabati.companies.models import Company
from bawabati.companies.reads import list_companies
from bawabati.errors import CannotDo
from bawabati.people.rules import Action, Level
from bawabati.reports.reads import find_launch_day, sums_of_companies
from bawabati.reports.rules.board import CompanySums, Period
from bawabati.reports.rules.nation import MonthNotTold, months_told, told, told_together
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

ALL: Final = "all"
"""In the address: all months that are told, together."""
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
    companies = list_companies()
    launched = [day for company in companies if (day := find_launch_day(company.id)) is not None]
    months = months_told(today=accounting_day(timezone.now()), launched_on=min(launched, default=None))
    error, asked = "", request.GET.get("month", "")
    try:
        chosen = _chosen(asked, months)
    except CannotDo as refused:
        chosen, error, asked = months[:1], sentence_of(refused), ""
    rows, total = _rows(companies, chosen)
    form = wanted_form(request)
    if form and not error:
        return as_file(form, name="companies", header=HEADER, rows=_cells([*rows, total]))
    context = {
        "rows": rows,
        "total": total,
        "hidden": any(row.is_hidden for row in rows) or asked == ALL,
        "months": months,
        "chosen": ALL if asked == ALL else _name(chosen[0]) if chosen else "",
        "period": Period(first=chosen[-1].first, last=chosen[0].last) if chosen else None,
        "error": error,
    }
    return render(request, "web/office/nation/page.html", context, status=422 if error else 200)


def _chosen(asked: str, months: Sequence[Period]) -> Sequence[Period]:
    """One month, or all that are told; the newest where none is named. Raises MonthNotTold."""
    if asked == ALL:
        return months
    found = [month for month in months if asked in {"", _name(month)}][:1]
    if asked and not found:
        raise MonthNotTold
    return found


def _name(month: Period) -> str:
    return f"{month.first:%Y-%m}"


def _rows(companies: Sequence[Company], months: Sequence[Period]) -> tuple[list[Row], Row]:
    known = {company.id: company for company in companies}
    each = [told(sums_of_companies(period=month)) for month in months]
    shown, total = each[0] if len(each) == 1 else told_together(each)
    rows = [Row(company=known[company_id], sums=sums, is_hidden=sums is None) for company_id, sums in shown.items()]
    return rows, Row(company=None, sums=total, is_hidden=total is None)


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
