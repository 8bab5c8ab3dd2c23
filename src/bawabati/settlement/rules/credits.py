"""Which remittances a credit of the bank pays, and how much of it is each one's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

_BETWEEN: Final = re.compile(r"[^0-9A-Za-z_-]+")
_SHORTEST: Final = 2


class Owed(NamedTuple):
    """What of a remittance the bank has not paid yet, centimes; below zero: what the bank takes."""

    remittance_id: int
    left: int


class Share(NamedTuple):
    """A part of a credit."""

    remittance_id: int
    centimes: int


def numbers_in(*, reference: str, label: str, value_on: date | None) -> list[str]:
    """Every word that may be the number of a remittance, each once, as it came; the label's order goes first.

    A terminal alone stands for what has no number of its own: its name and the day of value.
    """
    words = [word for text in (label, reference) for word in _BETWEEN.split(text) if len(word) >= _SHORTEST]
    own = [f"{word}-{value_on:%Y%m%d}" for word in words] if value_on else []
    return list(dict.fromkeys([*words, *own]))


def shares_of(amount: int, owed: Sequence[Owed]) -> list[Share]:
    """Each remittance gets what is left of it, the last one all the rest: a difference stands there, and nowhere twice.

    A remittance for which nothing is left of the credit is only mentioned in it: it waits for a credit of its own.
    Rule: several-in-one-credit (failures.md 2.8, S4)
    """
    *others, last = owed
    is_only_mentioned = bool(others) and last.left > 0 and amount - sum(one.left for one in others) <= 0
    if is_only_mentioned:
        return shares_of(amount, others)
    shares = []
    for place, (remittance_id, left) in enumerate(owed):
        is_last = place == len(owed) - 1
        shares.append(Share(remittance_id, amount if is_last else left))
        amount -= left
    return shares
