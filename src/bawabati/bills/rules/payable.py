"""What may be paid, and how much of it.

A bill can be paid while its billing system calls it open and something of it is left. Rule: payable (behaviour.md 6)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo
from bawabati.money.amount import Money


class BillStatus(StrEnum):
    """What the billing system says of a bill."""

    OPEN = "open"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """What a payer is shown of a bill: each has a page of its own."""

    PAYABLE = "payable"
    PAID = "paid"
    IN_INSTALMENTS = "in_instalments"
    BEING_PAID = "being_paid"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_CEILING = "above_ceiling"
    COMPANY_CLOSED = "company_closed"


class BillNotPayable(CannotDo):
    """The bill cannot be paid now; `standing` says why."""

    code = "bill_not_payable"
    sentence = "This bill cannot be paid now."


class BillChanged(CannotDo):
    """The billing system has changed the bill since the payer saw it."""

    code = "bill_changed"
    sentence = "The bill has changed since you opened it. Look at the new amount and confirm again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a company lets be paid at once. Rule: amount-limits (satim.md 9; the ceiling is the company's)"""

    minimum: Money
    ceiling: Money
    company_is_open: bool = True
    allows_parts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """What the rules know of a bill."""

    status: BillStatus
    due: Money
    settled: Money
    is_held: bool = False
    in_instalments: bool = False
    """The tranches of an agreement are paid in its stead."""

    @property
    def left(self) -> Money:
        """What is left to settle; never more than is due."""
        return self.due - self.settled


SIZE_IS_WRONG: Final = frozenset({Standing.BELOW_MINIMUM, Standing.ABOVE_CEILING})
"""Alone and whole it cannot be paid; with other bills, or in part, it perhaps can."""


def standing_of(bill: BillFacts, limits: Limits) -> Standing | None:
    """What the payer is shown; None for a withdrawn bill, which looks like an unknown number.

    Rule: payable (behaviour.md 6)
    """
    if bill.status is BillStatus.WITHDRAWN:
        return None
    if bill.settled and not bill.left:
        return Standing.PAID
    if bill.status is BillStatus.CANCELLED:
        return Standing.CANCELLED
    if bill.status is BillStatus.REPLACED:
        return Standing.REPLACED
    if not bill.left:
        return Standing.PAID
    return _standing_of_open(bill, limits)


def _standing_of_open(bill: BillFacts, limits: Limits) -> Standing:
    if bill.in_instalments:
        return Standing.IN_INSTALMENTS
    if bill.is_held:
        return Standing.BEING_PAID
    if not limits.company_is_open:
        return Standing.COMPANY_CLOSED
    if bill.left < limits.minimum:
        return Standing.BELOW_MINIMUM
    if bill.left > limits.ceiling:
        return Standing.ABOVE_CEILING
    return Standing.PAYABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How captured money meets a bill."""

    settled: Money
    surplus: Money


def share_of(bill: BillFacts, captured: Money) -> Share:
    """What `captured` settles of a bill, and what finds nothing left to settle. The two always sum to `captured`.

    Rule: surplus (behaviour.md 5)
    """
    room = bill.left if bill.status is BillStatus.OPEN else Money(0)
    settled = min(captured, room)
    return Share(settled=settled, surplus=captured - settled)


def initials(name: str) -> str:
    """The first letter of each word, each with a full stop. Rule: masked-holder (failures.md 5.5)"""
    return " ".join(f"{word[0]}." for word in name.split())
