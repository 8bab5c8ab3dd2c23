"""A receipt's number, printed and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.receipts.rules import NoSuchReceipt, parse_printed_number, printed_number


@given(
    st.integers(2000, 2999),
    st.sampled_from(["web", "D01", "north-2"]),
    st.integers(1, 999_999_999),
)
def test_a_printed_number_leads_back(year: int, kind: str, number: int) -> None:
    assert parse_printed_number(printed_number(year=year, kind=kind, number=number)) == (year, kind, number)


@pytest.mark.parametrize("text", ["", "42", "2026-W-42", "2026-W-00000420000", "2026--0000042", "٢٠٢٦-W-0000042"])
def test_what_is_no_number_of_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(NoSuchReceipt):
        parse_printed_number(text)
