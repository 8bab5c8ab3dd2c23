"""Locks, always in the house's order: bills by id, holds, payment. Inside a transaction that a flow opened."""

from django.db import connection
from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.payments.models import Hold, Payment, PaymentLine
from bawabati.payments.reads import list_lines

# No join with what may change while we wait for the lock: PostgreSQL would leave out the row that no longer fits.
_LOCK_BILLS = """
SELECT FROM bills_bill JOIN payments_paymentline line ON line.bill_id = bills_bill.id
WHERE line.payment_id = %s ORDER BY bills_bill.id FOR NO KEY UPDATE OF bills_bill
"""


def lock_lines(payment_id: int) -> list[PaymentLine]:
    """The lines of a payment, their bills locked until the transaction ends, always in the order of the bills' ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BILLS, [payment_id])
    return list_lines(payment_id)


def lock_payment(payment_id: int) -> Payment:
    """The payment with its company, its holds locked before it, until the transaction ends."""
    _holds_locked.list(payment_id)
    return _payment_locked.get(payment_id)


@compiled
def _holds_locked(payment_id: int) -> QuerySet[Hold]:
    return Hold.objects.select_for_update(no_key=True).filter(payment_id=payment_id).order_by("bill_id").only("id")


@compiled
def _payment_locked(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_for_update(of=("self",), no_key=True).select_related("company").filter(id=payment_id)
