"""Reads statements in XLSX: the first sheet that has anything, a row is an entry, good or bad, and none is lost.

Cells are brought to text as the layout writes it, so that a workbook and a CSV of the same lines say the same. A
workbook is held in memory while it is read: its size and its rows are limited, before it is opened.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from python_calamine import CalamineSheet, CalamineWorkbook

from bawabati.adapters.statements.contract import (
    LARGEST_WORKBOOK_BYTES,
    BadEntry,
    Entry,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    Layout,
    StatementFile,
    TooManyLines,
    WrongFormat,
)
from bawabati.adapters.statements.rows import RowReader

MOST_ROWS: Final = 200_000
_LARGEST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
_MOST_COLUMNS: Final = 200
_SECONDS_A_DAY: Final = 24 * 60 * 60
_LARGEST: Final = 1e15
Cell = int | float | str | bool | time | date | datetime | timedelta


class XlsxStatement:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path, layout: Layout) -> StatementFile:
        """Understands the head. Raises any CannotDo of the contract."""
        size = path.stat().st_size
        _check_outside(path, size)
        sheet = _first_sheet(path)
        if sheet is None or not sheet.height:
            raise FileEmpty
        if sheet.total_height > MOST_ROWS:
            raise TooManyLines(most=MOST_ROWS)
        if sheet.width > _MOST_COLUMNS:
            raise WrongFormat(format="XLSX")
        begins = (sheet.start or (0, 0))[0] + 1
        rows = ((begins + place, [_text(cell, layout) for cell in row]) for place, row in enumerate(_rows(sheet)))
        first = next(((number, row) for number, row in rows if any(row)), None)
        if first is None:
            raise FileEmpty
        number, head = first
        has_head = any(isinstance(where, str) for where in layout.columns.values())
        last = max((place for place, title in enumerate(head) if title), default=0) + 1
        reader = RowReader(layout, head[:last])
        done = [0]
        return StatementFile(
            encoding="utf-8",
            size_bytes=size,
            lines=_read(
                rows=rows,
                first=None if has_head else (number, head),
                reader=reader,
                width=last,
                done=done,
                bytes_of_a_row=size / sheet.total_height,
            ),
            bytes_read=lambda: min(size, done[0]),
        )


def _check_outside(path: Path, size: int) -> None:
    """What a hostile or broken file can be refused for before anything of it is unpacked."""
    if size > LARGEST_WORKBOOK_BYTES:
        raise FileTooLarge(most=LARGEST_WORKBOOK_BYTES // 1024 // 1024)
    if not size:
        raise FileEmpty
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise WrongFormat(format="XLSX")
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileDamaged from error
    if not any(name.filename.lower() == "xl/workbook.xml" for name in names):
        raise WrongFormat(format="XLSX")
    if sum(name.file_size for name in names) > _LARGEST_UNPACKED_BYTES:
        raise FileTooLarge(most=_LARGEST_UNPACKED_BYTES // 1024 // 1024)


def _first_sheet(path: Path) -> CalamineSheet | None:
    try:
        book = CalamineWorkbook.from_path(path)
        for place in range(len(book.sheet_names)):
            sheet = book.get_sheet_by_index(place)
            if sheet.height:
                return sheet
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # what the library's own language throws is no Exception
        raise FileDamaged from error
    return None


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[Cell]]:
    try:
        yield from sheet.iter_rows()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise FileDamaged from error


def _read(
    *,
    rows: Iterator[tuple[int, list[str]]],
    first: tuple[int, list[str]] | None,
    reader: RowReader,
    width: int,
    done: list[int],
    bytes_of_a_row: float,
) -> Iterator[Entry | BadEntry]:
    is_empty = True
    if first is not None:
        is_empty = False
        yield _one(first, reader, width)
    for number, values in rows:
        done[0] = int(number * bytes_of_a_row)
        if any(values):
            is_empty = False
            yield _one((number, values), reader, width)
    if is_empty:
        raise FileEmpty


def _one(row: tuple[int, list[str]], reader: RowReader, width: int) -> Entry | BadEntry:
    """Empty cells behind the last column are no values; others there are, and make the line bad."""
    number, values = row
    text = " | ".join(values)
    while len(values) > width and not values[-1]:
        values.pop()
    values += [""] * (width - len(values))
    return reader.read(number, values, text)


def _text(cell: Cell, layout: Layout) -> str:
    """A cell as the layout's own CSV would have it."""
    match cell:
        case str():
            return cell.strip().replace("\n", " ").replace("\r", " ")
        case bool():
            return "1" if cell else "0"
        case int():
            return str(cell)
        case float():
            return _number(cell, layout.decimal)
        case datetime():
            return (
                _day(cell.date(), layout) if cell.time() == time() else f"{_day(cell.date(), layout)} {cell:%H:%M:%S}"
            )
        case date():
            return _day(cell, layout)
        case time():
            return f"{cell:%H:%M:%S}"
        case timedelta():
            return str(timedelta(seconds=int(cell.total_seconds()) % _SECONDS_A_DAY))


def _number(value: float, decimal: str) -> str:
    """Binary fractions are read to the nearest tenth of a millionth: 1430.5 is 1430.50, and 0.005 stays unreadable."""
    if not abs(value) < _LARGEST:  # nor what is no number
        return "?"
    exact = round(Decimal(repr(value)), 7).normalize()
    if exact == exact.to_integral_value():
        return format(exact.quantize(Decimal(1)), "f")
    return format(exact, "f").replace(".", decimal)


def _day(value: date, layout: Layout) -> str:
    return value.isoformat() if layout.dates == "iso" else f"{value:%d/%m/%Y}"
