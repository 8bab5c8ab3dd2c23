"""Notes and coins, and what a drawer holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bawabati.errors import CannotDo
from bawabati.money.amount import Money, total

MOST_PIECES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Denomination:
    """A note or a coin. 100 and 200 dinars are coins; the old notes of the same value are counted with them."""

    value: Money
    kind: Literal["note", "coin"]


DENOMINATIONS: Final = (
    *(Denomination(Money.dinars(value), "note") for value in (2000, 1000, 500)),
    *(Denomination(Money.dinars(value), "coin") for value in (200, 100, 50, 20, 10, 5, 2, 1)),
)
"""What a drawer is counted in, the largest first. Rule: denominations (Bank of Algeria)"""

Pieces = Mapping[int, int]
"""Centimes of a denomination → how many of it there are."""


class NotCounted(CannotDo):
    """What was counted is not notes and coins of ours."""

    code = "not_counted"
    sentence = "Count notes and coins: whole numbers, none below zero."


def sum_of_pieces(pieces: Pieces) -> Money:
    """What was counted. Raises NotCounted."""
    known = {denomination.value.centimes for denomination in DENOMINATIONS}
    if not all(value in known and 0 <= count <= MOST_PIECES for value, count in pieces.items()):
        raise NotCounted
    return total(Money(value * count) for value, count in pieces.items())
