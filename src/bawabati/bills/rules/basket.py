"""Which of a customer's open bills are paid now, where the payer ticks them one by one.

Decision: docs/decisions/0045-finding-a-debt-and-paying-it.md
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bawabati.bills.rules.payable import Limits, Standing
from bawabati.bills.rules.together import MOST_TOGETHER, ChoiceGone, OpenBill, oldest_first
from bawabati.errors import CannotDo
from bawabati.money.amount import ZERO, Money, total


class NoBillTicked(CannotDo):
    """There is nothing to pay."""

    code: ClassVar[str] = "no_bill_ticked"
    sentence: ClassVar[str] = "Tick at least one bill."


class OlderFirst(CannotDo):
    """The company takes no bill before the older ones; `period` is of the oldest that is left out."""

    code: ClassVar[str] = "older_first"
    sentence: ClassVar[str] = "The company asks that older bills be paid first. Tick the bill of %(period)s too."


class TooManyTogether(CannotDo):
    """More than one receipt holds."""

    code: ClassVar[str] = "too_many_together"
    sentence: ClassVar[str] = "One payment takes %(most)s bills at most. Pay the oldest now and the others afterwards."


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtBill:
    """One open bill of a debt as whoever found it may see it, and what stands in the way of paying it now.

    `so_far`: what this bill and all older ones that can be paid now come to.
    """

    bill: OpenBill
    issued_on: date
    standing: Standing
    is_overdue: bool
    is_tranche: bool
    so_far: Money = ZERO

    @property
    def can_be_ticked(self) -> bool:
        """Nobody is paying it at this moment, and the company is open. Its size matters only in the sum."""
        return self.standing in {Standing.PAYABLE, Standing.BELOW_MINIMUM, Standing.ABOVE_CEILING}


def tick(debts: Sequence[DebtBill], ticked: Collection[int], *, oldest_first_only: bool) -> tuple[OpenBill, ...]:
    """The bills with those identifiers, oldest first.

    Rule: oldest-first (behaviour.md 6; the company says whether it is a rule or advice)

    Raises:
        NoBillTicked, TooManyTogether, OlderFirst
        ChoiceGone: one of them can no longer be paid.
    """
    free = oldest_first([debt.bill for debt in debts if debt.can_be_ticked])
    if not ticked:
        raise NoBillTicked
    chosen = tuple(bill for bill in free if bill.bill_id in ticked)
    if len(chosen) < len(ticked):
        raise ChoiceGone
    if len(chosen) > MOST_TOGETHER:
        raise TooManyTogether(most=MOST_TOGETHER)
    if oldest_first_only:
        for older in free[: len(chosen)]:
            if older.bill_id not in ticked:
                raise OlderFirst(period=older.period)
    return chosen


def proposed(debts: Sequence[DebtBill], limits: Limits) -> tuple[OpenBill, ...]:
    """The oldest bills, as many as one payment takes: what is ticked before the payer has said anything.

    One alone when even the oldest is above the ceiling: a part of it may be paid.
    """
    chosen: list[OpenBill] = []
    for bill in oldest_first([debt.bill for debt in debts if debt.can_be_ticked])[:MOST_TOGETHER]:
        if chosen and total(one.left for one in chosen) + bill.left > limits.ceiling:
            break
        chosen.append(bill)
    return tuple(chosen)
