"""The stamp duty that the State takes on a receipt for cash.

A payment by card carries none, and the portal tells the payer how much that saves.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bawabati.money.amount import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """Sums above `above` cost so much for each hundred dinars begun, counted on the whole sum."""

    above: Money
    for_each_hundred_dinars: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StampDutyRow:
    """What the law said from a day on. `brackets` rise; a sum that is above none of them is free."""

    from_on: date
    brackets: tuple[Bracket, ...]
    least: Money
    most: Money | None


_ONE_FOR_A_HUNDRED: Final = (Bracket(above=Money.dinars(20), for_each_hundred_dinars=Money(100)),)

STAMP_DUTY_TABLE: Final = (
    StampDutyRow(
        from_on=date.min,  # older than any receipt that we shall meet
        brackets=_ONE_FOR_A_HUNDRED,
        least=Money.dinars(5),
        most=Money.dinars(2_500),
    ),
    StampDutyRow(
        from_on=date(2023, 1, 1),
        brackets=_ONE_FOR_A_HUNDRED,
        least=Money.dinars(5),
        most=Money.dinars(10_000),
    ),
    StampDutyRow(
        from_on=date(2025, 1, 1),
        brackets=(
            Bracket(above=Money.dinars(300), for_each_hundred_dinars=Money(100)),
            Bracket(above=Money.dinars(30_000), for_each_hundred_dinars=Money(150)),
            Bracket(above=Money.dinars(100_000), for_each_hundred_dinars=Money(200)),
        ),
        least=Money.dinars(5),
        most=None,
    ),
)
"""Oldest first. A new law is one more row. No change is known for 2026: the row of 2025 goes on."""


def stamp_duty(amount: Money, *, on: date) -> Money:
    """The duty that a cash receipt for `amount`, issued on the day `on`, would carry.

    The rate of the bracket applies to the whole sum, and each hundred dinars that is begun counts as full.

    Rule: stamp-duty (stamp code art. 100-I; Finance Law 2025 art. 46; DGI circular 14 of 5 March 2025)
    """
    row = next(row for row in reversed(STAMP_DUTY_TABLE) if row.from_on <= on)
    bracket = next((bracket for bracket in reversed(row.brackets) if amount > bracket.above), None)
    if bracket is None:
        return ZERO
    hundreds_begun = -(-amount.centimes // Money.dinars(100).centimes)
    duty = max(Money(hundreds_begun * bracket.for_each_hundred_dinars.centimes), row.least)
    return duty if row.most is None else min(duty, row.most)
