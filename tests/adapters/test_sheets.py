"""Tables leave as CSV and XLSX: the same bytes for the same rows, and nothing that a spreadsheet would calculate."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.sheets.contract import Cell, Sheet, SheetWriter, Signed, harmless
from bawabati.adapters.sheets.csv_sheet.writer import CsvSheets
from bawabati.adapters.sheets.xlsx_sheet.writer import XlsxSheets
from bawabati.money.amount import Money

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
ROW: Sequence[Cell] = ("=1+1", 7, Money(1_430_50), date(2026, 11, 22), NOON, None)
WRITERS = [CsvSheets(), XlsxSheets()]


def a_sheet(*rows: Sequence[Cell], for_people: bool = False, language: str = "fr") -> Sheet:
    head = ("WHAT", "COUNT", "AMOUNT", "DAY", "MOMENT", "NOTHING")
    return Sheet(title="PAIEMENTS 000001", head=head, rows=rows, made_at=NOON, for_people=for_people, language=language)


def written(writer: SheetWriter, sheet: Sheet) -> bytes:
    into = BytesIO()
    writer.write(sheet, into)
    return into.getvalue()


def part_of(book: bytes, name: str) -> str:
    with ZipFile(BytesIO(book)) as parts:
        return parts.read(name).decode()


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_rows_are_the_same_bytes(writer: SheetWriter) -> None:
    assert written(writer, a_sheet(ROW, ROW)) == written(writer, a_sheet(ROW, ROW))


def test_csv_has_semicolons_decimal_commas_and_days_day_first() -> None:
    lines = written(CsvSheets(), a_sheet(ROW)).decode().split("\r\n")
    assert lines[1] == "'=1+1;7;1430,50;22/11/2026;22/11/2026 12:00:00;"


def test_a_list_has_days_that_can_be_put_in_order_and_amounts_below_zero() -> None:
    sheet = replace(a_sheet((Signed(-5), Signed(-1_430_50), Signed(7), *ROW[3:])), year_first=True)
    line = written(CsvSheets(), sheet).decode().split("\r\n")[1]
    assert line == "-0,05;-1430,50;0,07;2026-11-22;2026-11-22 12:00:00;"
    page = part_of(written(XlsxSheets(), sheet), "xl/worksheets/sheet1.xml")
    assert "<v>-1430.5</v>" in page
    assert "yyyy-mm-dd" in part_of(written(XlsxSheets(), sheet), "xl/styles.xml")


def test_only_a_file_for_people_has_the_mark_that_spreadsheets_need() -> None:
    assert not written(CsvSheets(), a_sheet(ROW)).startswith(b"\xef\xbb\xbf")
    assert written(CsvSheets(), a_sheet(ROW, for_people=True)).startswith(b"\xef\xbb\xbf")


def test_a_workbook_keeps_numbers_as_numbers_and_holds_no_formula() -> None:
    page = part_of(written(XlsxSheets(), a_sheet(ROW)), "xl/worksheets/sheet1.xml")
    assert "<v>1430.5</v>" in page
    assert "<f>" not in page
    assert "&#x27;=1+1" in page or "'=1+1" in page


def test_a_workbook_in_arabic_begins_at_the_right() -> None:
    page = part_of(written(XlsxSheets(), a_sheet(ROW, language="ar")), "xl/worksheets/sheet1.xml")
    assert 'rightToLeft="1"' in page


@given(st.text(max_size=40))
def test_no_text_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=1, max_size=5))
def test_what_is_in_a_cell_comes_out_of_it(texts: list[str]) -> None:
    sheet = Sheet(title="T", head=["X"] * len(texts), rows=[texts], made_at=NOON)
    row = list(csv.reader(StringIO(written(CsvSheets(), sheet).decode(), newline=""), delimiter=";"))[1:]
    assert row == [[harmless(text) for text in texts]] or (texts == [""] and row in ([[""]], [[]]))


def test_rows_are_walked_once_and_not_kept() -> None:
    alive = 0

    class Counted(str):
        __slots__ = ()

    def rows() -> Iterator[list[Cell]]:
        nonlocal alive
        for _ in range(20_000):
            alive += 1
            yield [Counted("x"), alive]

    into = BytesIO()
    CsvSheets().write(Sheet(title="T", head=["A", "B"], rows=rows(), made_at=NOON), into)
    assert into.getvalue().count(b"\r\n") == 20_001
