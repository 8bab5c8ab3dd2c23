"""Locks, always in the house's order: bills by id, holds, payment. Inside a transaction that a flow opened."""

from django.db import connection
from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.payments.models import Hold, Payment, PaymentLine
from bawabati.payments.reads import list_lines

# Whatever changes while we wait for the lock, the rows are the same: which they are is found beforehand, unlocked.
_LOCK_BILLS = """
WITH paid AS MATERIALIZED (
    SELECT bill.id, bill.company_id, bill.replaced_by, bill.in_agreement_id
    FROM {lines} line JOIN bills_bill bill ON bill.id = line.bill_id WHERE line.{owner} = %s
), wanted AS MATERIALIZED (
    SELECT id FROM paid
    UNION SELECT own.id FROM paid JOIN bills_bill own ON own.in_agreement_id = paid.in_agreement_id
    UNION SELECT newer.id FROM paid JOIN bills_bill newer
    ON newer.company_id = paid.company_id AND newer.payment_number = paid.replaced_by AND paid.replaced_by <> ''
)
SELECT FROM bills_bill WHERE id = ANY (ARRAY(SELECT id FROM wanted)) ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_BILLS_OF_PAYMENT = _LOCK_BILLS.format(lines="payments_paymentline", owner="payment_id")
_LOCK_BILLS_OF_SALE = _LOCK_BILLS.format(lines="payments_saleline", owner="sale_id")
_LOCK_BILLS_OF_RESERVATION = _LOCK_BILLS.format(lines="payments_reservationline", owner="reservation_id")


def lock_lines(payment_id: int) -> list[PaymentLine]:
    """The lines of a payment, their bills and those that replace them locked until the transaction ends, in id order.

    With a bill of an agreement, all bills of the agreement.

    A bill that replaces one of them only since we began to wait is not locked: `lock_replacing` finds it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BILLS_OF_PAYMENT, [payment_id])
    return list_lines(payment_id)


def lock_bills_of_sale(sale_id: int) -> None:
    """The bills of a sale and those that replace them, locked in the order of their ids. First of all locks."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BILLS_OF_SALE, [sale_id])


def lock_bills_of_reservation(reservation_id: int) -> None:
    """The same of a channel's reservation."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BILLS_OF_RESERVATION, [reservation_id])


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
