"""The files of bills that were received, and what became of each line of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import Final, cast

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell
from bawabati.bills.models import BillBatch
from bawabati.bills.reads import (
    LineShown,
    count_reasons,
    find_batch_by_id,
    has_results,
    list_bad_lines,
    list_batches,
    list_line_results,
    list_open_uploads,
    list_refused_uploads,
)
from bawabati.bills.rules import bad_lines_file
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page, every_row
from bawabati.money.amount import Money
from bawabati.people.rules import Action
from bawabati.web.office.bills.following import percent_of, refusal_of, said_of
from bawabati.web.office.bills.reasons import words_of
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

REFUSED_SHOWN_FOR: Final = timedelta(days=7)

OUTCOMES: Final = (
    ("created", _("new bill")),
    ("changed", _("changed")),
    ("unchanged", _("unchanged")),
    ("bad", _("not taken")),
)
_OF_BATCHES: Final = (
    Filter("from", _("Received from"), Kind.DAY),
    Filter("until", _("Received until"), Kind.DAY),
    Filter("name", _("Name of the file")),
)
_OF_LINES: Final = (Filter("outcome", _("What became of it"), Kind.CHOICE, choices=OUTCOMES),)


@require_safe
@staff_page(Action.SEE_BILLS)
def batches(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every file received, the newest first; above them what is under way, and what was refused of late."""
    company_id = request.place.company.id
    asked = read_filters(request, _OF_BATCHES)

    def ask(at: At) -> Page[BillBatch]:
        return list_batches(
            company_id=company_id,
            received_from=asked.day("from"),
            received_until=asked.day("until"),
            words=asked.word("name"),
            at=at,
        )

    if form := wanted_form(request):
        header = (
            *(_("Received"), _("By"), _("File"), _("Lines"), _("New bills"), _("Changed"), _("Unchanged")),
            *(_("Not taken"), _("Due on the lines taken")),
        )
        return as_file(form, name="bill-files", header=header, rows=(_batch_cells(row) for row in every_row(ask)))
    refused = list_refused_uploads(company_id, since=timezone.now() - REFUSED_SHOWN_FOR)
    context = {
        "page": ask(place_in_list(request)),
        "asked": asked,
        "under_way": [(row, percent_of(row), said_of(row)) for row in list_open_uploads(company_id)],
        "refused": [(row, refusal_of(row)) for row in refused],
        "may_import": request.may(Action.IMPORT_BILLS),
    }
    return render(request, "web/office/bills/batches.html", context)


@require_safe
@staff_page(Action.SEE_BILLS)
def batch(request: StaffRequest, language: str, batch_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One file: its counts and sums, why lines were not taken, and what became of each."""
    row = _batch(request, batch_id)
    asked = read_filters(request, _OF_LINES)
    by_line = has_results(row.id)

    def ask(at: At) -> Page[LineShown]:
        return list_line_results(row.id, outcome=asked.word("outcome") if by_line else "bad", at=at)

    if form := wanted_form(request):
        header = (_("Line"), _("What became of it"), _("Bill number"), _("Why"), _("Where"))
        rows = (_line_cells(line) for line in every_row(ask))
        return as_file(form, name=f"bill-file-{row.id}", header=header, rows=rows)
    context = {
        "batch": row,
        "page": ask(place_in_list(request)).of(lambda line: (line, words_of(line.reason))),
        "asked": asked,
        "by_line": by_line,
        "reasons": [(words_of(reason), count) for reason, count in count_reasons(row.id)],
        "may_import": request.may(Action.IMPORT_BILLS),
    }
    return render(request, "web/office/bills/batch.html", context)


@require_safe
@staff_page(Action.SEE_BILLS)
def bad_lines(request: StaffRequest, language: str, batch_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The lines that were not taken, as a file that can be corrected and brought in again."""
    row = _batch(request, batch_id)
    if not row.bad_count or not row.head:
        raise Http404
    note_reading(
        staff=request.staff,
        company_id=row.company_id,
        what="bad_bill_lines",
        target=f"bill_batch:{row.id}",
        now=timezone.now(),
    )
    pieces = bad_lines_file(head=row.head, delimiter=row.delimiter, lines=list_bad_lines(row.id))
    file = StreamingHttpResponse(
        (piece.encode() for piece in _with_mark(pieces)), content_type="text/csv; charset=utf-8"
    )
    stem = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in PurePath(row.file_name).stem)
    file.headers["Content-Disposition"] = f'attachment; filename="{_ascii(stem)}.bad.csv"'
    return cast("HttpResponse", file)  # as in files_out.py


def _with_mark(pieces: Iterator[str]) -> Iterator[str]:
    """Behind the byte order mark, by which spreadsheets know the text for UTF-8."""
    yield "\ufeff"
    yield from pieces


def _ascii(stem: str) -> str:
    return stem.encode("ascii", "ignore").decode().strip("-.") or "bills"


def _batch(request: StaffRequest, batch_id: int) -> BillBatch:
    row = find_batch_by_id(company_id=request.place.company.id, batch_id=batch_id)
    if row is None:
        raise Http404
    return row


def _batch_cells(row: BillBatch) -> tuple[Cell, ...]:
    return (
        *(row.received_at, row.received_by.name, row.file_name, row.line_count, row.created_count),
        *(row.changed_count, row.unchanged_count, row.bad_count, Money(row.due_centimes)),
    )


def _line_cells(line: LineShown) -> tuple[Cell, ...]:
    outcome = gettext(dict(OUTCOMES)[line.outcome])
    return (line.line_number, outcome, line.bill_number, words_of(line.reason), line.detail)
