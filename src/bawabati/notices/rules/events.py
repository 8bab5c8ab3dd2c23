"""What a billing system is told."""

from enum import StrEnum


class EventKind(StrEnum):
    """What happened. Every change of what customers owe is one of these, once. Rule: events-once (house.md 5)"""

    PAID = "payment.paid"
    REFUNDED = "payment.refunded"
    """Money went back: through the gateway, at a reader, or as two people have written down."""
    CREDIT_USED = "credit.used"
    """What a customer had paid too much was put to one of his bills."""
    BILL_LOWERED = "bill.lowered"
    """The billing system lowered a bill below what was paid: the excess is the customer's credit."""
    BILL_SETTLED = "bill.settled"
    """Nothing is left to pay of it."""
