"""Bills in a spreadsheet: each row reads as the line of a CSV would, and nothing that people send breaks the reader."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.adapters.billfiles.contract import BadLine, BillLine, FileEmpty
from bawabati.adapters.billfiles.spelling.columns import ColumnsMissing
from bawabati.adapters.billfiles.xlsx_bills.cells import DigitsLost, text_of
from bawabati.adapters.billfiles.xlsx_bills.reader import NotASpreadsheet, XlsxBills
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bill_files import bill_sheet

HEAD = ("bill number", "customer number", "name", "period", "issue date", "due date", "amount", "line:Eau", "remark")
ROW = ("F000001", "C000001", "أمينة", "2026-T3", date(2026, 10, 5), date(2026, 12, 5), 1430.5, 1430.5, "")


def read(path: Path, content: bytes) -> list[BillLine | BadLine]:
    path.write_bytes(content)
    return list(XlsxBills().open(path).lines)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "bills.xlsx"


def test_a_row_is_a_bill_with_its_days_and_amounts(sheet: Path) -> None:
    (bill,) = read(sheet, bill_sheet([HEAD, ROW]))
    assert isinstance(bill, BillLine)
    assert (bill.line_number, bill.bill_number, bill.holder_name) == (2, "F000001", "أمينة")
    assert (bill.issued_on, bill.due_on) == (date(2026, 10, 5), date(2026, 12, 5))
    assert (bill.due, bill.lines) == (Money(1_430_50), (("Eau", Money(1_430_50)),))


def test_rows_before_the_head_and_empty_rows_are_no_lines_and_keep_their_numbers(sheet: Path) -> None:
    (bill,) = read(sheet, bill_sheet([(), HEAD, (), ROW, ()]))
    assert bill.line_number == 4


def test_a_bad_row_comes_back_as_the_line_of_a_csv(sheet: Path) -> None:
    (bad,) = read(sheet, bill_sheet([HEAD, (*ROW[:2], "Amina; Benali", *ROW[3:6], "much", 1, "")]))
    assert isinstance(bad, BadLine)
    assert (bad.reason, bad.detail) == ("amount_not_readable", "amount")
    assert '"Amina; Benali"' in bad.text
    assert "05/10/2026" in bad.text


def test_a_long_number_that_lost_its_digits_is_refused(sheet: Path) -> None:
    (bad,) = read(sheet, bill_sheet([HEAD, (12345678901234567890, *ROW[1:])]))
    assert isinstance(bad, BadLine)
    assert bad.reason == "digits_lost"


def test_the_texts_are_those_of_the_same_lines(sheet: Path) -> None:
    sheet.write_bytes(bill_sheet([HEAD, ROW, (*ROW[:6], "x", 1, "")]))
    file = XlsxBills().open(sheet)
    texts = dict(file.texts())
    assert {line.line_number: texts[line.line_number] for line in file.lines} == texts
    assert file.ignored_columns == ("remark",)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1430.5, "1430.50"),
        (0.1 + 0.2, "0.30"),
        (750.0, "750"),
        (47986520869744.0, "47986520869744"),
        (True, "1"),
        (date(2026, 1, 2), "02/01/2026"),
        (1.2345, "1.2345"),
    ],
)
def test_a_cell_reads_as_a_person_would_type_it(cell: float | date, text: str) -> None:
    assert text_of(cell) == text


@given(st.integers(0, 10**13))
def test_no_amount_in_centimes_is_off_by_one(centimes: int) -> None:
    text = text_of(centimes / 100)
    dinars, _, rest = text.partition(".")
    assert int(dinars) * 100 + int(rest or 0) == centimes


def test_digits_above_what_a_sheet_can_keep_are_lost() -> None:
    with pytest.raises(DigitsLost):
        text_of(float(2**53))


def test_a_sheet_without_bills_or_without_a_head_is_refused(sheet: Path) -> None:
    with pytest.raises(FileEmpty):
        read(sheet, bill_sheet([HEAD]))
    with pytest.raises(FileEmpty):
        read(sheet, bill_sheet([]))
    with pytest.raises(ColumnsMissing):
        read(sheet, bill_sheet([("a", "b"), (1, 2)]))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"not a spreadsheet"])
def test_what_is_no_spreadsheet_is_said(sheet: Path, content: bytes) -> None:
    with pytest.raises(NotASpreadsheet):
        read(sheet, content)


WHOLE = bill_sheet([HEAD, ROW, ROW])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6), st.integers(0, 6))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(sheet: Path, at: int, put: bytes, cut: int) -> None:
    with suppress(CannotDo):
        read(sheet, WHOLE[:at] + put + WHOLE[at + cut :])
