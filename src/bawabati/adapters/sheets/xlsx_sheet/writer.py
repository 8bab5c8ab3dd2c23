"""XLSX, row by row into a temporary file: memory holds one row, and no cell is a formula."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import IO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bawabati.adapters.sheets.contract import Cell, Sheet, Signed, harmless
from bawabati.money.amount import Money
from bawabati.workdays import ALGIERS

_NARROWEST: Final = 12
_WIDEST: Final = 40
_LONGEST_TITLE: Final = 31
"""A spreadsheet takes no longer name for a sheet."""


class XlsxSheets:
    """One workbook with one sheet."""

    content_type: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, sheet: Sheet, into: IO[bytes]) -> None:
        with TemporaryDirectory() as folder:
            options = {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            }
            with xlsxwriter.Workbook(into, options) as book:
                book.set_properties({"title": sheet.title, "created": sheet.made_at.astimezone(UTC)})
                _fill(book, sheet)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """How cells of a workbook look."""

    amount: Format
    day: Format
    moment: Format


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title[:_LONGEST_TITLE])
    if sheet.language == "ar":
        page.right_to_left()
    page.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for column, head in enumerate(sheet.head):
        page.set_column(column, column, min(max(len(head) + 2, _NARROWEST), _WIDEST))
        page.write_string(0, column, harmless(head), bold)
    day = "yyyy-mm-dd" if sheet.year_first else "dd/mm/yyyy"
    formats = ("#,##0.00", day, f"{day} hh:mm:ss")
    shapes = _Shapes(*(book.add_format({"num_format": one}) for one in formats))
    for line, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write(page, line, column, cell, shapes)


def _write(page: Worksheet, line: int, column: int, cell: Cell, shapes: _Shapes) -> None:
    match cell:
        case str() if cell:
            page.write_string(line, column, harmless(cell))
        case Money() | Signed():
            page.write_number(line, column, Decimal(cell.centimes) / 100, shapes.amount)
        case datetime():
            page.write_datetime(line, column, cell.astimezone(ALGIERS), shapes.moment)
        case date():
            page.write_datetime(line, column, cell, shapes.day)
        case int():
            page.write_number(line, column, cell)
