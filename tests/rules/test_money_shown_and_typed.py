"""Amounts as people read and write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.display import figures, isolated, with_currency
from bawabati.money.typed import (
    AmountAmbiguous,
    AmountNegative,
    AmountNotReadable,
    AmountTooLarge,
    parse_amount,
)

amounts = st.integers(min_value=0, max_value=10**14 - 1).map(Money)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ar", "1\u00a0430,50\u00a0دج"), ("fr", "1\u00a0430,50\u00a0DA"), ("en", "1,430.50\u00a0DA")],
)
def test_an_amount_is_shown_with_its_currency_and_never_breaks(language: str, shown: str) -> None:
    assert with_currency(Money(1_430_50), language) == shown


@pytest.mark.parametrize(
    ("centimes", "shown"),
    [(0, "0,00"), (5, "0,05"), (999_99, "999,99"), (1_000_00, "1 000,00"), (1_234_567_89, "1 234 567,89")],
)
def test_thousands_are_grouped_and_centimes_always_two(centimes: int, shown: str) -> None:
    assert figures(Money(centimes), "fr") == shown.replace(" ", "\u00a0")


@given(money=amounts, language=st.sampled_from(["ar", "fr", "en"]))
def test_what_is_shown_is_read_back_as_the_same_amount(money: Money, language: str) -> None:
    assert parse_amount(figures(money, language)) == money


@given(money=amounts)
def test_figures_hold_western_digits_and_no_invisible_direction_mark(money: Money) -> None:
    assert re.fullmatch(r"[0-9]{1,3}(\u00a0[0-9]{3})*,[0-9]{2}", figures(money, "ar"))


def test_isolation_surrounds_a_value_and_changes_nothing_in_it() -> None:
    assert isolated("7123 4567") == "\u20667123 4567\u2069"


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        ("0", 0),
        ("1430", 1_430_00),
        ("1430,5", 1_430_50),
        ("1430.50", 1_430_50),
        ("00001430,50", 1_430_50),
        (",50", 50),
        (" 1 430,50 ", 1_430_50),
        ("1\u00a0430,50", 1_430_50),
        ("1\u202f430.50", 1_430_50),
        ("1.430,50", 1_430_50),
        ("1,430.50", 1_430_50),
        ("1.234.567", 1_234_567_00),
        ("1 234 567,89", 1_234_567_89),
        ("1 430", 1_430_00),
        ("١٤٣٠٫٥٠", 1_430_50),
        ("١٬٤٣٠٫٥٠", 1_430_50),
        ("۱۴۳۰،۵", 1_430_50),
        ("\u20661\u00a0430,50\u2069", 1_430_50),
        ("999999999999,99", 10**14 - 1),
    ],
)
def test_every_common_way_of_writing_is_read(text: str, centimes: int) -> None:
    assert parse_amount(text) == Money(centimes)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", AmountNotReadable),
        ("  ", AmountNotReadable),
        ("-", AmountNotReadable),
        ("abc", AmountNotReadable),
        ("1430 DA", AmountNotReadable),
        ("1430,500", AmountNotReadable),
        ("1430.", AmountNotReadable),
        ("14 30", AmountNotReadable),
        ("1 4300", AmountNotReadable),
        ("1,430,50", AmountNotReadable),
        ("1.430.567.89", AmountNotReadable),
        ("1 430.567,89", AmountNotReadable),
        ("1e5", AmountNotReadable),
        ("+5", AmountNotReadable),
        ("²5", AmountNotReadable),
        ("NaN", AmountNotReadable),
        ("5\n", AmountNotReadable),
        ("5" * 5_000, AmountNotReadable),
        ("1.430", AmountAmbiguous),
        ("1,430", AmountAmbiguous),
        ("٠٫٥٠٠", AmountAmbiguous),
        ("-5", AmountNegative),
        ("−5,00", AmountNegative),
        ("1000000000000", AmountTooLarge),
        ("1 000 000 000 000,00", AmountTooLarge),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, refusal: type[CannotDo]) -> None:
    with pytest.raises(refusal) as caught:
        parse_amount(text)
    assert type(caught.value) is refusal


@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789., -٫٣")), max_size=60))
def test_no_text_surprises_the_reader_of_amounts(text: str) -> None:
    try:
        money = parse_amount(text)
    except CannotDo:
        return
    assert parse_amount(figures(money, "fr")) == money


@given(first=amounts, second=amounts)
def test_amounts_add_and_take_away_exactly(first: Money, second: Money) -> None:
    assert (first + second) - second == first


def test_money_is_whole_and_never_negative() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True)
    with pytest.raises(ValueError, match="never negative"):
        Money(100) - Money(101)
