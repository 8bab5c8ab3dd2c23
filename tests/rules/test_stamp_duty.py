"""Stamp duty on cash: the worked examples of the law, and what holds for every amount."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.money.amount import ZERO, Money
from bawabati.money.stamp_duty import STAMP_DUTY_TABLE, stamp_duty

IN_2026 = date(2026, 2, 5)


@pytest.mark.parametrize(
    ("amount_centimes", "duty_centimes"),
    [
        (0, 0),
        (300_00, 0),
        (300_01, 5_00),
        (500_00, 5_00),
        (500_01, 6_00),
        (750_00, 8_00),
        (1_430_00, 15_00),
        (6_795_79, 68_00),
        (30_000_00, 300_00),
        (30_000_01, 451_50),
        (100_000_00, 1_500_00),
        (100_000_01, 2_002_00),
        (950_000_00, 19_000_00),
    ],
)
def test_the_law_of_2025_takes_the_rate_of_the_bracket_on_the_whole_sum(
    amount_centimes: int, duty_centimes: int
) -> None:
    assert stamp_duty(Money(amount_centimes), on=IN_2026) == Money(duty_centimes)


@pytest.mark.parametrize(
    ("amount_centimes", "on", "duty_centimes"),
    [
        (20_00, date(2024, 12, 31), 0),
        (20_01, date(2024, 12, 31), 5_00),
        (300_00, date(2024, 12, 31), 5_00),
        (300_00, date(2025, 1, 1), 0),
        (100_000_01, date(2024, 12, 31), 1_001_00),
        (100_000_01, date(2025, 1, 1), 2_002_00),
        (5_000_000_00, date(2022, 12, 31), 2_500_00),
        (5_000_000_00, date(2023, 1, 1), 10_000_00),
        (5_000_000_00, date(2025, 1, 1), 100_000_00),
    ],
)
def test_a_receipt_keeps_the_law_of_its_day(amount_centimes: int, on: date, duty_centimes: int) -> None:
    assert stamp_duty(Money(amount_centimes), on=on) == Money(duty_centimes)


def test_the_table_rises_in_days_and_each_row_in_amounts() -> None:
    assert all(earlier.from_on < later.from_on for earlier, later in pairwise(STAMP_DUTY_TABLE))
    for row in STAMP_DUTY_TABLE:
        assert all(lower.above < higher.above for lower, higher in pairwise(row.brackets))


amounts = st.integers(min_value=0, max_value=10**10).map(Money)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 1, 1))


@given(amount=amounts, more=amounts, on=days)
def test_a_larger_amount_never_pays_less(amount: Money, more: Money, on: date) -> None:
    assert stamp_duty(amount, on=on) <= stamp_duty(amount + more, on=on)


@given(amount=amounts, on=days)
def test_the_duty_is_nothing_or_at_least_five_dinars(amount: Money, on: date) -> None:
    duty = stamp_duty(amount, on=on)
    assert duty == ZERO or duty >= Money.dinars(5)
