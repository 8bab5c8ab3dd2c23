"""A list as a file: CSV and XLSX, from rows one at a time, safe to open in a spreadsheet.

A cell that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers. The file is written
whole before its first byte leaves: what goes wrong is a page that says so, never half a file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import islice
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Final, cast

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bawabati.adapters.sheets.contract import harmless
from bawabati.money.amount import Money
from bawabati.workdays import ALGIERS


@dataclass(frozen=True, slots=True)
class Signed:
    """An amount that may be below zero."""

    centimes: int


Cell = str | int | Money | Signed | date | datetime | None
"""An amount is `Money` or `Signed`: in the file it is a number of dinars."""

FORMS: Final = ("csv", "xlsx")
EXPORT_AT_MOST: Final = 50_000
_IN_MEMORY: Final = 1_000_000
_WIDEST: Final = 40
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def wanted_form(request: HttpRequest) -> str:
    """The form in which the address asks for the list (`?as=csv`); empty for the page."""
    form = request.GET.get("as", "")
    return form if form in FORMS else ""


def as_file(
    form: str, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], at_most: int = EXPORT_AT_MOST
) -> HttpResponse:
    """The list as a file called `name` and today's date. `header` holds message identifiers.

    After `at_most` rows a last line says that there are more. Memory stays flat however long the list is.
    """
    written: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    heads, all_rows = [gettext(head) for head in header], iter(rows)
    kept = _with_word_when_cut(all_rows, at_most=at_most)
    _WRITERS[form](written, heads, kept)
    written.seek(0)
    today = timezone.localdate().isoformat()
    answer = FileResponse(written, as_attachment=True, filename=f"{name}-{today}.{form}", content_type=_TYPES[form])
    return cast("HttpResponse", answer)  # a view gives it like any other; Django parts what is streamed by type alone


def _with_word_when_cut(rows: Iterator[Sequence[Cell]], *, at_most: int) -> Iterator[Sequence[Cell]]:
    yield from islice(rows, at_most)
    if next(rows, None) is not None:
        yield [gettext("The list is longer: only its first %(count)s lines are here. Narrow it.") % {"count": at_most}]


def _write_csv(written: IO[bytes], heads: list[str], rows: Iterable[Sequence[Cell]]) -> None:
    """With the byte order mark, semicolons and decimal commas: what a spreadsheet set up in Algeria opens as it is."""
    text = TextIOWrapper(written, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(harmless(head) for head in heads)
    for row in rows:
        lines.writerow(_as_text(cell) for cell in row)
    text.detach()


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case Money():
            return f"{cell.centimes // 100},{cell.centimes % 100:02}"
        case Signed():
            return f"{'-' if cell.centimes < 0 else ''}{abs(cell.centimes) // 100},{abs(cell.centimes) % 100:02}"
        case datetime():
            return f"{cell.astimezone(ALGIERS):%Y-%m-%d %H:%M:%S}"
        case _:
            return str(cell)


def _write_xlsx(written: IO[bytes], heads: list[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Row by row into a temporary file: memory holds one row."""
    with TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        }
        with xlsxwriter.Workbook(written, options) as book:
            sheet = book.add_worksheet()
            if get_language() == "ar":
                sheet.right_to_left()
            sheet.freeze_panes(1, 0)
            shapes = _Shapes(
                *(book.add_format({"num_format": shape}) for shape in ("#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
            )
            for column, head in enumerate(heads):
                sheet.set_column(column, column, min(max(len(head) + 2, 14), _WIDEST))
                sheet.write_string(0, column, harmless(head), book.add_format({"bold": True}))
            for line, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    _write_cell(sheet, line, column, cell, shapes)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """How cells of a workbook look."""

    amount: Format
    day: Format
    moment: Format


def _write_cell(sheet: Worksheet, line: int, column: int, cell: Cell, shapes: _Shapes) -> None:
    match cell:
        case str() if cell:
            sheet.write_string(line, column, harmless(cell))
        case Money() | Signed():
            sheet.write_number(line, column, Decimal(cell.centimes) / 100, shapes.amount)
        case datetime():
            sheet.write_datetime(line, column, cell.astimezone(ALGIERS), shapes.moment)
        case date():
            sheet.write_datetime(line, column, cell, shapes.day)
        case int():
            sheet.write_number(line, column, cell)


_WRITERS: Final[dict[str, Callable[[IO[bytes], list[str], Iterable[Sequence[Cell]]], None]]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}
