"""A payment beside an attempt that had ended otherwise when its money was found: final states are never left."""

from datetime import datetime

from bawabati.payments.models import Payment, PaymentContact, PaymentEvent, PaymentLine
from bawabati.payments.rules import State

_COPIED = (
    *("company", "gateway_account_id", "order_number", "gateway_reference", "amount_centimes", "language"),
    *("payment_terms_id", "sale_terms_id", "register_sent_at", "page_life_seconds", "page_ends_at"),
)
"""What the payer agreed to, and what the order was opened with."""


def open_recovered(ended: Payment, *, now: datetime) -> Payment:
    """Writes the payment with the lines of `ended`, which is locked. It holds no bill: its money is there already.

    Not safe to repeat: the database refuses a second one, and one of an attempt that is paid or still open.
    """
    payment = Payment.objects.create(
        **{column: getattr(ended, column) for column in _COPIED},
        recovered_from=ended,
        start_key=f"recovered:{ended.id}",
        opened_at=now,
        next_ask_at=now,
        event_count=1,
    )
    PaymentLine.objects.bulk_create(
        PaymentLine(
            company_id=line.company_id,
            payment=payment,
            bill_id=line.bill_id,
            bill_version=line.bill_version,
            amount_centimes=line.amount_centimes,
        )
        for line in PaymentLine.objects.filter(payment=ended).order_by("bill_id")
    )
    for contact in PaymentContact.objects.filter(payment=ended):
        PaymentContact.objects.create(payment=payment, email=contact.email)
    PaymentEvent.objects.create(
        company_id=payment.company_id,
        payment=payment,
        sequence=1,
        event=State.OPENED,
        to_state=State.OPENED,
        evidence={"recovered_from": ended.id},
        at=now,
    )
    return payment
