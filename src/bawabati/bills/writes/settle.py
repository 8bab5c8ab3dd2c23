"""Changes of bills that payments cause. What the billing system says of them is written by the import."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from bawabati.bills.models import Bill
from bawabati.money.amount import Money

# No join: a row joined to what changes while we wait for the lock would be left out.
LOCK = "SELECT * FROM bills_bill WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
SETTLE = "UPDATE bills_bill SET settled_centimes = %s, settled_at = %s WHERE id = %s"


def lock_bills(bill_ids: Iterable[int]) -> dict[int, Bill]:
    """The bills by id, locked until the transaction ends, always in the order of their ids."""
    return {bill.id: bill for bill in Bill.objects.raw(LOCK, [list(bill_ids)])}


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
    return Money(taken)


def settle_bill(bill: Bill, *, amount: Money, now: datetime) -> None:
    """Adds `amount` to what is settled of a locked bill. The database refuses more than is due."""
    bill.settled_centimes += amount.centimes
    if bill.settled_centimes == bill.due_centimes:
        bill.settled_at = now
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [bill.settled_centimes, bill.settled_at, bill.id])
