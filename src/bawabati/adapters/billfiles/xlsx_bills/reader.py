"""Reads bills from a spreadsheet: a row is a bill, good or bad, and no row is lost. See docs/reference/bill-file.md.

Each row becomes the line of a CSV, and is read like one: what is corrected by hand comes back as CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bawabati.adapters.billfiles.contract import BadLine, BillFile, BillLine, FileEmpty
from bawabati.adapters.billfiles.spelling.columns import Columns, read_columns
from bawabati.adapters.billfiles.spelling.lines import LineReader
from bawabati.adapters.billfiles.xlsx_bills.cells import Cell, DigitsLost, text_of
from bawabati.errors import CannotDo

DELIMITER: Final = ";"
LARGEST_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes. A sheet is in memory while it is read; larger tables come as CSV."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f]+")


class NotASpreadsheet(CannotDo):
    """Damaged, protected by a password, or another kind of file under this name."""

    code: ClassVar[str] = "bill_file_not_a_spreadsheet"
    sentence: ClassVar[str] = (
        "This spreadsheet cannot be read: it is damaged or protected. Save the table as CSV in UTF-8 and try again."
    )


class SpreadsheetTooLarge(CannotDo):
    """It would fill the memory."""

    code: ClassVar[str] = "bill_file_spreadsheet_too_large"
    sentence: ClassVar[str] = "This spreadsheet is too large. Save the table as CSV in UTF-8 and try again."


class XlsxBills:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path) -> BillFile:
        """Understands the head of the first sheet that has one.

        Raises NotASpreadsheet, SpreadsheetTooLarge, FileEmpty, ColumnsMissing, ColumnTwice.
        """
        rows = _Rows(path)
        columns = read_columns(rows.head)
        return BillFile(
            head=rows.head,
            delimiter=DELIMITER,
            encoding="utf-8",
            ignored_columns=tuple(columns.titles[place] for place in columns.ignored),
            size_bytes=rows.size_bytes,
            lines=_read(rows, columns),
            bytes_read=lambda: rows.bytes_read,
            texts=rows.texts,
        )


class _Rows:
    """The rows of the first sheet that shows something, after its head, each as the line of a CSV."""

    def __init__(self, path: Path) -> None:
        self.size_bytes = path.stat().st_size
        self.bytes_read = 0
        _check_size(path)
        with _readable():
            self._sheet = _first_sheet(path)
            end = self._sheet.end
        self._last = end[0] + 1 if end else 1
        self._head_at = 0
        self.head = ""
        for number, cells in self._rows():
            if any(cells):
                self._head_at, self.head = (
                    number,
                    DELIMITER.join(_quoted(str(cell)) for cell in cells).rstrip(DELIMITER),
                )
                self._width = self.head.count(DELIMITER) + 1
                break
        else:
            raise FileEmpty

    def __iter__(self) -> Iterator[tuple[int, str, bool]]:
        """Row number, text, and whether it lost digits."""
        for number, cells in self._rows():
            if number > self._head_at:
                yield number, *_line(cells, self._width)
                self.bytes_read = self.size_bytes * number // self._last

    def texts(self) -> Iterator[tuple[int, str]]:
        for number, text, _lost in self:
            yield number, text

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        with _readable():
            yield from enumerate(self._sheet.iter_rows(), start=1)


def _check_size(path: Path) -> None:
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, ValueError) as error:
        raise NotASpreadsheet from error
    if unpacked > LARGEST_UNPACKED:
        raise SpreadsheetTooLarge


def _first_sheet(path: Path) -> CalamineSheet:
    workbook = CalamineWorkbook.from_path(path)
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            found = workbook.get_sheet_by_index(place)
            if found.height:
                return found
    raise FileEmpty


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (CalamineError, PasswordError, OSError, ValueError) as error:
        raise NotASpreadsheet from error
    except BaseException as error:
        # The library is written in Rust: what it did not foresee in a damaged file is no Exception.
        if type(error).__name__ == "PanicException":
            raise NotASpreadsheet from None
        raise


def _line(cells: list[Cell], width: int) -> tuple[str, bool]:
    """The row as text, as wide as the head, and whether a number in it has lost digits."""
    values, lost = [], False
    for cell in cells:
        try:
            values.append(text_of(cell))
        except DigitsLost:
            values.append(str(cell))
            lost = True
    while len(values) > width and not values[-1]:
        values.pop()
    values += [""] * (width - len(values))
    return DELIMITER.join(map(_quoted, values)), lost


def _quoted(value: str) -> str:
    """The value as it stands in a CSV; what ends lines in a cell is a space."""
    value = _UNSEEN.sub(" ", value)
    if DELIMITER not in value and '"' not in value:
        return value
    written = io.StringIO()
    csv.writer(written, delimiter=DELIMITER, lineterminator="").writerow([value])
    return written.getvalue()


def _read(rows: _Rows, columns: Columns) -> Iterator[BillLine | BadLine]:
    is_empty = True
    line_of = LineReader(columns)
    for number, text, lost in rows:
        if not text.strip(line_of.blank):
            continue
        is_empty = False
        yield BadLine(number, text, "digits_lost", "") if lost else line_of.read(number, text)
    if is_empty:
        raise FileEmpty
