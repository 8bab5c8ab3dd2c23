"""Files as received: the list of them, and one of them line by line."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell, Signed
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page, every_row
from bawabati.people.rules import Action
from bawabati.settlement.models import Match, Statement, StatementLine
from bawabati.settlement.reads import get_statement, list_lines, list_matches, list_statements
from bawabati.web.office.settlement.words import LINES, REASONS, SOURCES, choices_of, say
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

FILTERS: Final = (
    Filter("source", _("Sender"), Kind.CHOICE, choices=choices_of(SOURCES)),
    Filter("day", _("Day"), Kind.DAY),
)
ONLY_BAD: Final = (("bad", _("only those that cannot be read")),)
LINE_FILTERS: Final = (Filter("only", _("Lines"), Kind.CHOICE, choices=ONLY_BAD),)
_FILES_HEADER: Final = (
    *(_("Day"), _("Sender"), _("File"), _("Received"), _("By"), _("Lines"), _("Bad lines"), _("Repeated lines")),
    *(_("Gross"), _("Commission"), _("VAT"), _("Net")),
)
_LINES_HEADER: Final = (
    *(_("Line"), _("What it is"), _("Day"), _("Time"), _("Terminal"), _("Order"), _("Reference")),
    *(_("Approval number"), _("Card"), _("Gross"), _("Commission"), _("VAT"), _("Net"), _("Remittance")),
    *(_("Label"), _("Why it could not be read"), _("As it came")),
)


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def files(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Files, the newest first."""
    asked = read_filters(request, FILTERS)

    def ask(at: At) -> Page[Statement]:
        return list_statements(
            company_id=request.place.company.id, source=asked.word("source"), day=asked.day("day"), at=at
        )

    if form := wanted_form(request):
        rows = (_file_cells(each) for each in every_row(ask))
        return as_file(form, name="settlement-files", header=_FILES_HEADER, rows=rows)
    page = ask(place_in_list(request)).of(lambda each: (each, say(SOURCES, each.source)))
    context = {"page": page, "asked": asked, "may_import": request.may(Action.IMPORT_STATEMENTS)}
    return render(request, "web/office/settlement/files.html", context)


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def file(request: StaffRequest, language: str, statement_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One file with its lines, each with what of our books it was found to be."""
    company_id = request.place.company.id
    found = get_statement(company_id=company_id, statement_id=statement_id)
    if found is None:
        raise Http404
    asked = read_filters(request, LINE_FILTERS)

    def ask(at: At) -> Page[StatementLine]:
        return list_lines(company_id=company_id, statement_id=found.id, only_bad=asked.word("only") == "bad", at=at)

    if form := wanted_form(request):
        # The lines are those of people's cards: who takes them away is written down.
        note_reading(
            staff=request.staff,
            company_id=company_id,
            what="statement_lines",
            target=f"statement:{found.id}",
            now=timezone.now(),
        )
        rows = (_line_cells(each) for each in every_row(ask))
        return as_file(form, name=f"settlement-lines-{found.id}", header=_LINES_HEADER, rows=rows)
    page = ask(place_in_list(request))
    matches = _by_line(list_matches(company_id=company_id, line_ids=[line.id for line in page.rows]))
    context = {
        "file": found,
        "source": say(SOURCES, found.source),
        "asked": asked,
        "was": request.GET.get("was", ""),
        "page": page.of(
            lambda line: (line, say(LINES, line.kind), say(REASONS, line.reason), matches.get(line.id, ()))
        ),
    }
    return render(request, "web/office/settlement/file.html", context)


def _by_line(matches: list[Match]) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = {}
    for match in matches:
        found.setdefault(match.line_id, []).append(match)
    return found


def _file_cells(each: Statement) -> list[Cell]:
    counts: list[Cell] = [each.line_count, each.bad_count, each.repeated_count]
    sums = (each.gross_centimes, each.fee_centimes, each.vat_centimes, each.net_centimes)
    return [
        *(each.day, say(SOURCES, each.source), each.file_name, each.received_at, each.received_by.name),
        *counts,
        *map(Signed, sums),
    ]


def _line_cells(line: StatementLine) -> list[Cell]:
    sums = (line.gross_centimes, line.fee_centimes, line.vat_centimes, line.net_centimes)
    return [
        *(line.line_number, say(LINES, line.kind), line.happened_on, line.happened_at, line.terminal),
        *(line.order_number, line.reference, line.approval_code, line.masked_card),
        *map(Signed, sums),
        line.remittance.number if line.remittance else "",
        *(line.label, say(REASONS, line.reason), line.text),
    ]
