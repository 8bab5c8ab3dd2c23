"""How what a customer owes stands at this moment: the one word that a reminder and a crew at the door go by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bawabati.bills.rules import BillStatus
from bawabati.money.amount import ZERO, Money


class Owed(StrEnum):
    """Of one bill."""

    PAID = "paid"
    BEING_CHECKED = "being_checked"
    """Somebody is paying it, or money may still come of an attempt."""
    AGREED = "agreed"
    """It is paid by instalments that were agreed."""
    GONE = "gone"
    """Cancelled, replaced or withdrawn: nobody owes it."""
    NOT_PAID = "not_paid"


class Door(StrEnum):
    """What the crew is told of a customer."""

    PAID = "paid"
    BEING_CHECKED = "being_checked"
    NOT_PAID = "not_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillAtDoor:
    """A bill and what is known of attempts to pay it. `credit` of the customer is counted by `at_the_door`."""

    status: BillStatus
    due_on: date
    left: Money
    is_held: bool = False
    may_be_paid_still: bool = False
    is_agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the crew is told: the word, and of NOT_PAID how much is left since when."""

    door: Door
    left: Money = ZERO
    since: date | None = None


def owed(bill: BillAtDoor) -> Owed:
    """Rule: owed-now (behaviour.md I8: "not paid" is said only when no money is on its way)"""
    if bill.status is not BillStatus.OPEN:
        return Owed.GONE
    if not bill.left:
        return Owed.PAID
    if bill.is_held or bill.may_be_paid_still:
        return Owed.BEING_CHECKED
    return Owed.AGREED if bill.is_agreed else Owed.NOT_PAID


def at_the_door(bills: Iterable[BillAtDoor], *, credit: Money = ZERO, today: date) -> Answer:
    """What may be said at a customer's door. What is not due yet is nobody's reason to come.

    "Being checked" wins over "not paid", whatever else is open; so does a credit that would pay all of it.
    Rule: being-checked-wins (behaviour.md I8)
    """
    words = [(owed(bill), bill) for bill in bills]
    if any(word is Owed.BEING_CHECKED for word, _ in words):
        return Answer(door=Door.BEING_CHECKED)
    unpaid = [bill for word, bill in words if word is Owed.NOT_PAID and bill.due_on < today]
    left = Money(sum(bill.left.centimes for bill in unpaid))
    if not unpaid:
        return Answer(door=Door.PAID)
    if left <= credit:
        return Answer(door=Door.BEING_CHECKED)
    return Answer(door=Door.NOT_PAID, left=left, since=min(bill.due_on for bill in unpaid))
