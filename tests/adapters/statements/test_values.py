"""Sums, days and cards as acquirers and banks write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.statements.values import ValueFault, centimes, clean, day, masked, moment


@pytest.mark.parametrize(
    ("text", "decimal", "said"),
    [
        ("1430,50", ",", 143050),
        ("-1430,50", ",", -143050),
        ("1 430,5", ",", 143050),
        ("1.430,50", ",", 143050),
        ("1 430 000", ",", 143000000),
        ("1430.50", ".", 143050),
        ("1,430,000.50", ".", 143000050),
        ("١٤٣٠٫٥٠", ",", 143050),
        ("١٤٣٠٫٥٠", ".", 143050),
        ("(12,00)", ",", -1200),
        ("12,00-", ",", -1200),
        ("−12,00", ",", -1200),
        ("+12,00", ",", 1200),
        ("\u200f12,00", ",", 1200),
        ("0", ",", 0),
    ],
)
def test_a_sum_is_read_however_it_is_written(text: str, decimal: str, said: int) -> None:
    assert centimes(text, decimal) == said


@pytest.mark.parametrize(
    "text", ["", "-", "1430.50", "1,430", "12,345", "1 43,00", "12,00 DA", "1e5", "NaN", "1,,0", "--1", "1" * 50]
)
def test_what_is_no_sum_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(ValueFault):
        centimes(text, ",")


@given(st.integers(-(10**14), 10**14))
def test_every_sum_comes_back_as_it_was_written(amount: int) -> None:
    sign, (dinars, rest) = ("-" if amount < 0 else ""), divmod(abs(amount), 100)
    assert centimes(f"{sign}{dinars},{rest:02}", ",") == amount
    assert centimes(f"{sign}{dinars:,}.{rest:02}", ".") == amount


@given(st.text(max_size=45), st.sampled_from([",", "."]))
def test_no_text_brings_a_sum_to_its_knees(text: str, decimal: str) -> None:
    with suppress(ValueFault):
        assert isinstance(centimes(text, decimal), int)


@given(st.text(max_size=20), st.sampled_from(["dmy", "iso"]))
def test_no_text_brings_a_day_to_its_knees(text: str, dates: str) -> None:
    with suppress(ValueFault):
        assert isinstance(day(text, dates), date)


def test_days_are_read_as_the_layout_has_them() -> None:
    assert day("05/02/2026", "dmy") == day("2026-02-05", "iso") == day("20260205", "iso") == date(2026, 2, 5)
    for wrong in ("2026-02-05", "31/02/2026", "5/2/26", "05/02-2026"):
        with pytest.raises(ValueFault):
            day(wrong, "dmy")


def test_times_of_a_day_are_brought_to_one_form() -> None:
    assert [moment(text) for text in ("", "9:05", "09:05:07", "0905", "090507", "23h59")] == [
        *("", "09:05:00", "09:05:07", "09:05:00", "09:05:07", "23:59:00")
    ]
    with pytest.raises(ValueFault):
        moment("24:00")


def test_of_a_card_four_digits_stay_at_either_end() -> None:
    assert masked("6280581110007215") == "6280********7215"
    assert masked("6280 5811 1000 7215") == "6280********7215"
    assert masked("٦٢٨٠٥٨١١١٠٠٠٧٢١٥") == "6280********7215"
    assert masked("628058******7215") == "628058******7215"
    assert masked("****7215") == "****7215"


def test_invisible_characters_leave_a_label() -> None:
    assert clean("REMISE\u200e  CARTES\u00a0R1\x07") == "REMISE CARTES R1"
