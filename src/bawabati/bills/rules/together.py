"""Several bills of one customer in one payment, and less than all that is due of them.

The oldest debt goes first, in what may be chosen and in where a part of it goes. Decision:
docs/decisions/0018-bills-paid-together.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from bawabati.bills.rules.payable import Limits
from bawabati.errors import CannotDo
from bawabati.money.amount import ZERO, Money, total

MOST_TOGETHER: Final = 20
"""Five years of quarters: more than that is for an agency, and still fits on one page of receipt."""


class ChoiceGone(CannotDo):
    """So many bills can no longer be chosen."""

    code: ClassVar[str] = "choice_gone"
    sentence: ClassVar[str] = "The open bills have changed meanwhile. Choose again what you want to pay."


class PartsNotAllowed(CannotDo):
    """The company takes whole bills alone."""

    code: ClassVar[str] = "parts_not_allowed"
    sentence: ClassVar[str] = "The company takes no part payments. Pay the whole amount."


class AmountBelowMinimum(CannotDo):
    """Less than the gateway takes; `minimum` says what it takes."""

    code: ClassVar[str] = "amount_below_minimum"
    sentence: ClassVar[str] = "The bank's page takes no less than %(minimum)s. Pay more, or pay in an agency."


class AmountAboveCeiling(CannotDo):
    """More than may be paid at once; `ceiling` says how much may."""

    code: ClassVar[str] = "amount_above_ceiling"
    sentence: ClassVar[str] = "One payment cannot be more than %(ceiling)s. Pay a part now and the rest afterwards."


class AmountAboveDue(CannotDo):
    """More than is left to pay; `due` says how much is."""

    code: ClassVar[str] = "amount_above_due"
    sentence: ClassVar[str] = "That is more than is due: %(due)s are left to pay."


class TooLittleWouldRemain(CannotDo):
    """What would remain of a bill could not be paid by card; `better` is the nearest amount that could be paid now."""

    code: ClassVar[str] = "too_little_would_remain"
    sentence: ClassVar[str] = (
        "Of one bill less than %(minimum)s would remain, too little to be paid by card later. Pay %(better)s instead."
    )


class NoPartPossible(CannotDo):
    """Whatever part is paid, what remains is too small to be paid later."""

    code: ClassVar[str] = "no_part_possible"
    sentence: ClassVar[str] = "This cannot be paid in parts by card, because too little would remain. Pay in an agency."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBill:
    """A bill of which something is left to pay, as far as whoever holds another bill of its customer may know it."""

    bill_id: int
    version: int
    period: str
    due_on: date
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Bills that may be paid together, oldest first.

    `pays_whole`: all of it fits into one payment. `largest_part`: the most that may be paid when not all of it is,
    None where no part may be.
    """

    bills: tuple[OpenBill, ...]
    pays_whole: bool
    largest_part: Money | None

    @property
    def count(self) -> int:
        """How many bills: what tells the ways of one bill apart."""
        return len(self.bills)

    @property
    def sum(self) -> Money:
        """What is left to pay of them all."""
        return total(bill.left for bill in self.bills)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPart:
    """What a payment pays of a bill, and what remains due of it. Nothing is paid of a bill that it does not reach."""

    bill: OpenBill
    pays: Money

    @property
    def remains(self) -> Money:
        """What is due of the bill afterwards."""
        return self.bill.left - self.pays


def oldest_first(bills: Sequence[OpenBill]) -> tuple[OpenBill, ...]:
    """By the day on which they were due. Rule: oldest-first (behaviour.md 6)"""
    return tuple(sorted(bills, key=lambda bill: (bill.due_on, bill.bill_id)))


def ways_to_pay(bills: Sequence[OpenBill], *, typed_id: int, limits: Limits) -> tuple[Way, ...]:
    """How the payer may go about it: the bill of the typed number alone, or with every older one, and so on upwards.

    `bills` are open, the typed one among them. Fewest bills first, each count once; empty when nothing fits.

    Rule: oldest-first (behaviour.md 6)
    """
    return tuple(way for way in _ways(bills, typed_id, limits) if way.pays_whole or way.largest_part)


def _ways(bills: Sequence[OpenBill], typed_id: int, limits: Limits) -> Iterator[Way]:
    ordered = oldest_first(bills)
    place = next(place for place, bill in enumerate(ordered) if bill.bill_id == typed_id)
    yield _way((ordered[place],), limits)
    for count in range(max(place + 1, 2), min(len(ordered), MOST_TOGETHER) + 1):
        yield _way(ordered[:count], limits)


def _way(bills: tuple[OpenBill, ...], limits: Limits) -> Way:
    due = total(bill.left for bill in bills)
    return Way(
        bills=bills,
        pays_whole=limits.minimum <= due <= limits.ceiling,
        largest_part=_largest_part([bill.left for bill in bills], limits) if limits.allows_parts else None,
    )


def choose(ways: Sequence[Way], *, count: int) -> Way:
    """The way with that many bills. Raises ChoiceGone."""
    for way in ways:
        if way.count == count:
            return way
    raise ChoiceGone


def spread(bills: Sequence[OpenBill], *, amount: Money, limits: Limits) -> tuple[PaidPart, ...]:
    """What `amount` pays of each bill: the oldest whole before the next gets anything. The parts sum to `amount`.

    `bills` oldest first, each with something left.

    Rule: oldest-first (behaviour.md 6)
    Rule: part-payment (behaviour.md 6; the minimum is the gateway's)

    Raises:
        AmountAboveDue, AmountAboveCeiling, AmountBelowMinimum: `amount` is outside what may be paid at once.
        PartsNotAllowed: less than all, where the company takes no parts.
        TooLittleWouldRemain, NoPartPossible: the bill that is paid in part would keep less than the minimum.
    """
    lefts = [bill.left for bill in bills]
    due = total(lefts)
    if amount > due:
        raise AmountAboveDue(due=due)
    if amount < due and not limits.allows_parts:
        raise PartsNotAllowed
    if amount > limits.ceiling:
        raise AmountAboveCeiling(ceiling=limits.ceiling)
    if amount < limits.minimum:
        raise AmountBelowMinimum(minimum=limits.minimum)
    gap = _gap_around(amount, lefts, limits.minimum)
    if gap is not None:
        better = [edge for edge in gap if limits.minimum <= edge <= limits.ceiling]
        if not better:
            raise NoPartPossible
        nearest = min(better, key=lambda edge: abs(edge.centimes - amount.centimes))
        raise TooLittleWouldRemain(minimum=limits.minimum, better=nearest)
    return tuple(_parts(bills, amount))


def _parts(bills: Sequence[OpenBill], amount: Money) -> Iterator[PaidPart]:
    rest = amount
    for bill in bills:
        pays = min(rest, bill.left)
        rest -= pays
        yield PaidPart(bill=bill, pays=pays)


def _gap_around(amount: Money, lefts: Sequence[Money], minimum: Money) -> tuple[Money, Money] | None:
    """The amounts below and above between which too little would remain; None when `amount` leaves enough."""
    paid = ZERO
    for left in lefts:
        low = paid + (left - minimum if left > minimum else ZERO)
        paid += left
        if low < amount < paid:
            return low, paid
    return None


def _largest_part(lefts: Sequence[Money], limits: Limits) -> Money | None:
    """The most that is less than all and may be paid."""
    most = min(total(lefts) - Money(1), limits.ceiling)
    gap = _gap_around(most, lefts, limits.minimum)
    largest = gap[0] if gap else most
    return largest if largest >= limits.minimum else None
