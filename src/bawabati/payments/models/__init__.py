"""Attempts to pay, what each pays and holds, everything that happened, and money that went back."""

from bawabati.payments.models.credit import CreditUse
from bawabati.payments.models.payment import Hold, Payment, PaymentContact, PaymentEvent, PaymentLine
from bawabati.payments.models.refund import Refund, RefundEvent, RefundPart

__all__ = [
    "CreditUse",
    "Hold",
    "Payment",
    "PaymentContact",
    "PaymentEvent",
    "PaymentLine",
    "Refund",
    "RefundEvent",
    "RefundPart",
]
