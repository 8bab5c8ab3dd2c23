"""A payment beside an attempt that had ended otherwise when its money was found: final states are never left."""

from datetime import datetime

from bawabati.payments.models import Payment, PaymentContact, PaymentLine
from bawabati.payments.writes.beside import write_beside

_COPIED = (
    *(
        "company",
        "gateway_account_id",
        "order_number",
        "gateway_reference",
        "amount_centimes",
        "language",
        "campaign_code",
    ),
    *("payment_terms_id", "sale_terms_id", "register_sent_at", "page_life_seconds", "page_ends_at"),
)
"""What the payer agreed to, and what the order was opened with."""


def open_recovered(ended: Payment, *, now: datetime) -> Payment:
    """Writes the payment with the lines of `ended`, which is locked. It holds no bill: its money is there already.

    Not safe to repeat: the database refuses a second one, and one of an attempt that is paid or still open.
    """
    payment = Payment(
        **{column: getattr(ended, column) for column in _COPIED},
        recovered_from=ended,
        start_key=f"recovered:{ended.id}",
        opened_at=now,
    )
    lines = PaymentLine.objects.filter(payment=ended).order_by("bill_id")
    write_beside(payment, lines=lines, evidence={"recovered_from": ended.id}, now=now)
    for contact in PaymentContact.objects.filter(payment=ended):
        PaymentContact.objects.create(payment=payment, email=contact.email)
    return payment
