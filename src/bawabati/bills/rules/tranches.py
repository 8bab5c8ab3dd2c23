"""A debt cut into tranches: how much each is and when, and what is left of each while the debt goes down.

The tranches stand for the bills; the bills stay the truth. What is left of all tranches is always what is left of the
bills, to the centime, whatever brought it down: the first tranche gives way first, and what is added goes to the last.
Decision: docs/decisions/0046-instalments.md
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from bawabati.bills.rules.payable import Limits
from bawabati.errors import CannotDo
from bawabati.money.amount import ZERO, Money, total
from bawabati.workdays import add_working_days

FEWEST_TRANCHES: Final = 2
MOST_TRANCHES: Final = 36
FIRST_WITHIN_WORKING_DAYS: Final = 5
_DINAR: Final = 100


class NothingToShareOut(CannotDo):
    """Everything has been paid or taken back meanwhile."""

    code: ClassVar[str] = "nothing_to_share_out"
    sentence: ClassVar[str] = "Nothing is owed any more: there is nothing to pay in instalments."


class TranchesOutOfRange(CannotDo):
    """Fewer than two, or more than the company grants."""

    code: ClassVar[str] = "tranches_out_of_range"
    sentence: ClassVar[str] = "Choose from %(fewest)s to %(most)s instalments."


class FirstTooSmall(CannotDo):
    """The company wants more at once."""

    code: ClassVar[str] = "first_too_small"
    sentence: ClassVar[str] = "The first instalment is at least %(least)s."


class FirstTooLarge(CannotDo):
    """Nothing would be left for the others."""

    code: ClassVar[str] = "first_too_large"
    sentence: ClassVar[str] = "The first instalment is at most %(most)s; otherwise the debt can be paid at once."


class TrancheTooSmall(CannotDo):
    """The gateway takes no payment as small as one of the tranches would be."""

    code: ClassVar[str] = "tranche_too_small"
    sentence: ClassVar[str] = "Each instalment would be less than %(minimum)s. Choose fewer."


class TrancheTooLarge(CannotDo):
    """More than one payment may be."""

    code: ClassVar[str] = "tranche_too_large"
    sentence: ClassVar[str] = "One instalment would be more than %(ceiling)s, which no payment may be. Choose more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tranche:
    """One of them: the first has `place` 1."""

    place: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentLimits:
    """What the company grants. Rule: instalment-limits (ours: the company decides)"""

    most: int
    first_percent: int
    payments: Limits

    def least_first(self, debt: Money) -> Money:
        """What the first tranche is at least, in whole dinars; never less than the gateway takes."""
        share = -(-debt.centimes * self.first_percent // 100)
        return max(Money(-(-share // _DINAR) * _DINAR), self.payments.minimum)


def plan(
    debt: Money,
    *,
    tranches: int,
    first: Money,
    agreed_on: date,
    limits: InstalmentLimits,
    holidays: Container[date],
) -> tuple[Tranche, ...]:
    """The tranches, which sum to `debt`: the first soon, the others equal and monthly, each due on a working day.

    The others are whole dinars; the last takes what that leaves over.

    Rule: instalment-plan (ours)

    Raises:
        NothingToShareOut, TranchesOutOfRange, FirstTooSmall, FirstTooLarge, TrancheTooSmall, TrancheTooLarge.
    """
    if not debt:
        raise NothingToShareOut
    if not FEWEST_TRANCHES <= tranches <= limits.most:
        raise TranchesOutOfRange(fewest=FEWEST_TRANCHES, most=limits.most)
    others = tranches - 1
    if first < limits.least_first(debt):
        raise FirstTooSmall(least=limits.least_first(debt))
    smallest = limits.payments.minimum
    if first.centimes > debt.centimes - others * smallest.centimes:
        if limits.least_first(debt).centimes > debt.centimes - others * smallest.centimes:
            raise TrancheTooSmall(minimum=smallest)
        raise FirstTooLarge(most=Money(debt.centimes - others * smallest.centimes))
    rest = debt.centimes - first.centimes
    each = max(rest // others // _DINAR * _DINAR, smallest.centimes)
    amounts = [first, *[Money(each)] * (others - 1), Money(rest - each * (others - 1))]
    if max(amounts) > limits.payments.ceiling:
        raise TrancheTooLarge(ceiling=limits.payments.ceiling)
    first_on = add_working_days(agreed_on, FIRST_WITHIN_WORKING_DAYS, holidays=holidays)
    return tuple(
        Tranche(place=place, due_on=_due_on(first_on, place - 1, holidays), amount=amount)
        for place, amount in enumerate(amounts, start=1)
    )


def _due_on(first_on: date, months: int, holidays: Container[date]) -> date:
    """That many months later, on the next working day if that day is none."""
    year, month = divmod(first_on.month - 1 + months, 12)
    year, month = first_on.year + year, month + 1
    day = date(year, month, min(first_on.day, monthrange(year, month)[1]))
    return add_working_days(day - timedelta(days=1), 1, holidays=holidays)


def first_of_smaller(first: Money, debt: Money) -> Money:
    """What was to be paid first, when the debt has become smaller since: something is left for the others.

    Raises NothingToShareOut.
    """
    if not debt:
        raise NothingToShareOut
    return min(first, Money(max(debt.centimes - 1, 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a tranche comes to, and what is left of it."""

    due: Money
    left: Money


def fit(agreed: Sequence[Money], remaining: Money) -> tuple[Fitted, ...]:
    """What is left of each tranche when so much is left of the bills. What is left always sums to `remaining`.

    The last tranches are what is left for the end, so the first is the first to be fulfilled. More than was ever
    agreed is added to the last.

    Rule: tranches-follow-the-bills (behaviour.md I4)
    """
    rest, fitted = remaining, []
    more = remaining.centimes - total(agreed).centimes
    for place, amount in reversed(list(enumerate(agreed))):
        due = Money(amount.centimes + more) if more > 0 and place == len(agreed) - 1 else amount
        left = min(rest, due)
        rest -= left
        fitted.append(Fitted(due=due, left=left))
    return tuple(reversed(fitted)) if fitted else ()


def cut(amount: Money, lefts: Sequence[Money]) -> tuple[Money, ...]:
    """How `amount` goes to bills of which so much is left: the oldest, which is first, whole before the next."""
    parts = []
    for left in lefts:
        part = min(amount, left)
        amount -= part
        parts.append(part)
    if amount != ZERO:
        raise ValueError("more than is left of the bills")
    return tuple(parts)
