"""Everything that waits for a person, the earliest promise first; and what is done with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell
from bawabati.cases.models import Case
from bawabati.cases.reads import count_open_cases, list_cases, list_kinds, list_owners
from bawabati.cases.rules import is_overdue
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page, every_row
from bawabati.money.amount import Money
from bawabati.people.rules import Action
from bawabati.web.office.cases.seen import sees_all
from bawabati.web.office.cases.words import ENDINGS, KINDS
from bawabati.web.office.payments.words import words
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Asked, Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

HEADER: Final = (
    *(_("Case"), _("What it is"), _("About"), _("Amount"), _("Owner"), _("Promised by"), _("Opened")),
    *(_("Closed"), _("How it ended"), _("In words")),
)
MINE: Final = "mine"
Ask = Callable[[At], Page[Case]]


@dataclass(frozen=True, slots=True)
class Line:
    """A case as the list shows it."""

    case: Case
    kind: str
    ending: str
    is_overdue: bool


@require_safe
@staff_page(Action.SEE_CASES)
def work_list(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The cases of the company, or the own ones of somebody who works in an agency."""
    company, today = request.place.company, accounting_day(timezone.now())
    whole = sees_all(request)
    asked = read_filters(request, _filters(company.id, whole=whole))

    def ask(at: At) -> Page[Case]:
        return list_cases(
            company_id=company.id,
            owner_id=_owner(request, asked, whole=whole),
            kind=asked.word("kind"),
            overdue_on=today if asked.word("overdue") else None,
            is_open=asked.word("state") != "closed",
            at=at,
        )

    if form := wanted_form(request):
        return _taken_away(request, form, ask)
    mine = count_open_cases(company_id=company.id, today=today, owner_id=request.staff.id)
    context = {
        "asked": asked,
        "page": ask(place_in_list(request)).of(lambda case: _line(case, today)),
        "all": count_open_cases(company_id=company.id, today=today) if whole else mine,
        "mine": mine,
        "whole": whole,
        "shows_closed": asked.word("state") == "closed",
    }
    return render(request, "web/office/cases/list.html", context, status=422 if asked.errors else 200)


def _filters(company_id: int, *, whole: bool) -> Sequence[Filter]:
    owners = [(str(number), name) for number, name in list_owners(company_id)] if whole else []
    return (
        *((Filter("whose", _("Owner"), Kind.CHOICE, choices=((MINE, _("my own")), *owners)),) if whole else ()),
        Filter("overdue", _("Promise"), Kind.CHOICE, choices=(("1", _("overdue")),)),
        Filter(
            "kind",
            _("What it is"),
            Kind.CHOICE,
            choices=tuple((kind, KINDS.get(kind, kind)) for kind in list_kinds(company_id)),
        ),
        Filter("state", _("State"), Kind.CHOICE, choices=(("open", _("open")), ("closed", _("closed")))),
    )


def _owner(request: StaffRequest, asked: Asked, *, whole: bool) -> int | None:
    chosen = asked.word("whose") if whole else MINE
    return request.staff.id if chosen == MINE else int(chosen) if chosen else None


def _line(case: Case, today: date) -> Line:
    late = case.closed_at is None and is_overdue(promised_on=case.promised_on, today=today)
    return Line(case, words(KINDS, case.kind), words(ENDINGS, case.closed_as), late)


def _taken_away(request: StaffRequest, form: str, ask: Ask) -> HttpResponse:
    company = request.place.company
    note_reading(
        staff=request.staff,
        company_id=company.id,
        what="cases_export",
        target=f"company:{company.id}",
        details={"form": form},
        now=timezone.now(),
    )
    return as_file(form, name="cases", header=HEADER, rows=_rows(ask))


def _rows(ask: Ask) -> Iterator[Sequence[Cell]]:
    for case in every_row(ask):
        yield (
            case.id,
            words(KINDS, case.kind),
            case.reference,
            Money(case.amount_centimes),
            case.owner.name,
            case.promised_on,
            case.opened_at,
            case.closed_at,
            words(ENDINGS, case.closed_as),
            case.closed_because,
        )
