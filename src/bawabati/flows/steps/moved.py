"""The bill was replaced while it was being paid: its money goes on to the bill that replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.writes import lock_replacing
from bawabati.flows.steps.credit import use_credit
from bawabati.money.amount import Money
from bawabati.payments.models import PaymentLine
from bawabati.payments.reads import find_hold
from bawabati.people.writes import system_account

BILL_REPLACED = "the bill was replaced while it was being paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What of a line's surplus has settled the bill that replaces its own."""

    bill: Bill
    amount: Money


def move_to_replacing(lines: Sequence[PaymentLine], *, now: datetime) -> dict[int, Moved]:
    """By the line's identifier, what of its surplus went to the replacing bill; in the caller's transaction.

    After all lines are settled and posted. What the replacing bill cannot take stays credit; so does all of it when
    that bill is not open, is another customer's, or somebody is paying it at this moment.

    Rule: replaced-while-paying (behaviour.md 6)
    """
    moved = {}
    own = {line.bill_id: line.bill for line in lines}
    for line in lines:
        if not line.surplus_centimes:
            continue
        replacing = lock_replacing(line.bill)
        if replacing is None or find_hold(replacing.id) is not None:
            continue
        replacing = own.get(replacing.id, replacing)
        use = use_credit(
            replacing,
            holder=line.bill.customer.number,
            at_most=Money(line.surplus_centimes),
            because=BILL_REPLACED,
            applied_by=system_account(now=now),
            now=now,
        )
        if use is not None:
            moved[line.id] = Moved(bill=replacing, amount=Money(use.amount_centimes))
    return moved
