"""Changes of bills that payments cause. What the billing system says of them is written by the import."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillStatus
from bawabati.bills.writes.tranches import fit_tranches
from bawabati.errors import Broken
from bawabati.money.amount import Money

# No join: a row joined to what changes while we wait for the lock would be left out. Whoever locks anything of
# an agreement has all its bills locked first: nobody meets anybody the other way round at its tranches, or at its end.
# A tranche whose agreement has ended stands for the same bills still, for money that was taken without asking us.
LOCK = """
SELECT * FROM bills_bill WHERE id = ANY (ARRAY(
    SELECT unnest(%(ids)s::bigint[]) UNION
    SELECT own.id FROM bills_bill one
    JOIN bills_bill own ON own.in_agreement_id = coalesce(one.tranche_of_id, one.in_agreement_id)
    WHERE one.id = ANY(%(ids)s) UNION
    SELECT ever.bill_id FROM bills_bill one
    JOIN bills_agreementbill ever ON ever.agreement_id = one.tranche_of_id
    WHERE one.id = ANY(%(ids)s)
)) ORDER BY id FOR NO KEY UPDATE
"""
# Whoever is met here comes out of the order of locks: to wait for it might be to wait for ever.
LOCK_REPLACING = """
SELECT * FROM bills_bill WHERE company_id = %s AND payment_number = %s AND customer_id = %s AND status = 'open'
FOR NO KEY UPDATE SKIP LOCKED
"""
SETTLE = "UPDATE bills_bill SET settled_centimes = %s, settled_at = %s WHERE id = %s"


class SettledATranche(Broken):
    """A tranche is no debt of its own: its bills are."""


def lock_bills(bill_ids: Iterable[int]) -> dict[int, Bill]:
    """The bills by id, locked until the transaction ends, always in the order of their ids.

    With a tranche, or a bill of an agreement, all bills of the agreement are locked; they are not in the answer.
    """
    wanted = list(bill_ids)
    locked = Bill.objects.raw(LOCK, {"ids": wanted})
    return {bill.id: bill for bill in locked if bill.id in set(wanted)}


def reopen_bill(bill: Bill, *, amount: Money) -> Money:
    """Takes `amount` from what is settled of a locked bill; gives what was really there to take.

    Less than `amount` is there when the billing system has lowered the bill since: the rest is the customer's credit.
    """
    taken = min(amount.centimes, bill.settled_centimes)
    bill.settled_centimes -= taken
    if bill.settled_centimes < bill.due_centimes:
        bill.settled_at = None
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [bill.settled_centimes, bill.settled_at, bill.id])
    if bill.in_agreement_id is not None:
        fit_tranches(bill.in_agreement_id)
    return Money(taken)


def lock_replacing(bill: Bill) -> Bill | None:
    """The open bill of the same customer that replaces this one, locked until the transaction ends.

    None when there is none, or when somebody else has it locked at this moment.
    """
    if bill.status != BillStatus.REPLACED or not bill.replaced_by:
        return None
    values = [bill.company_id, bill.replaced_by, bill.customer_id]
    return next(iter(Bill.objects.raw(LOCK_REPLACING, values)), None)


def settle_bill(bill: Bill, *, amount: Money, now: datetime) -> None:
    """Adds `amount` to what is settled of a locked bill. The database refuses more than is due.

    The tranches of its agreement follow. Money never goes to a tranche itself: Rule: tranches-follow-the-bills
    """
    if bill.tranche_of_id is not None:
        raise SettledATranche("money goes to the bills that a tranche stands for", bill_id=bill.id)
    bill.settled_centimes += amount.centimes
    if bill.settled_centimes == bill.due_centimes:
        bill.settled_at = now
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [bill.settled_centimes, bill.settled_at, bill.id])
    if bill.in_agreement_id is not None:
        fit_tranches(bill.in_agreement_id, now=now)
