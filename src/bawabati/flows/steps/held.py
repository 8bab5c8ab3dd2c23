"""What does the gateway still hold of an order? Read before a refund is sent, and before one is sent again."""

from bawabati.flows.steps.how_it_stands import ask_how_it_stands
from bawabati.money.amount import Money
from bawabati.payments.models import Payment


def read_held(payment: Payment) -> Money | None:
    """Outside any transaction. None when the answer does not say, or speaks of another order. Safe to repeat."""
    said = ask_how_it_stands(payment).said
    return said.still_captured if said.order_number == payment.order_number else None
