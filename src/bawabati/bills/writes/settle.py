"""Changes of bills that payments cause. What the billing system says of them is written by the import."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from bawabati.bills.models import Bill
from bawabati.money.amount import Money

SETTLE = "UPDATE bills_bill SET settled_centimes = %s, settled_at = %s WHERE id = %s"


def lock_bills(bill_ids: Iterable[int]) -> dict[int, Bill]:
    """The bills by id, locked until the transaction ends, always in the order of their ids."""
    bills = Bill.objects.select_for_update(of=("self",)).select_related("customer").filter(id__in=list(bill_ids))
    return {bill.id: bill for bill in bills.order_by("id")}


def settle_bill(bill: Bill, *, amount: Money, now: datetime) -> None:
    """Adds `amount` to what is settled of a locked bill. The database refuses more than is due."""
    bill.settled_centimes += amount.centimes
    if bill.settled_centimes == bill.due_centimes:
        bill.settled_at = now
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [bill.settled_centimes, bill.settled_at, bill.id])
