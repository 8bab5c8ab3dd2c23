"""The drawer of a desk in the demonstration's past: its float, and what is counted when it closes."""

from typing import Final

from bawabati.desks.rules import DENOMINATIONS
from bawabati.money.amount import Money

FLOAT: Final = {1_000_00: 2, 200_00: 5, 100_00: 10, 50_00: 10, 10_00: 40, 5_00: 20}
TENDERED: Final = Money.dinars(200_000)
ROUNDED: Final = "arrondi au dinar"


def pieces(centimes: int) -> dict[int, int]:
    """The drawer in as few notes and coins as it takes; what is less than the smallest coin is left out."""
    counted = {}
    for denomination in DENOMINATIONS:
        counted[denomination.value.centimes], centimes = divmod(centimes, denomination.value.centimes)
    return counted
