"""What does the gateway still hold of an order? Read before a refund is sent, and before one is sent again."""

from dataclasses import dataclass

from bawabati.adapters.gateways.contract import Said
from bawabati.flows.steps.how_it_stands import ask_how_it_stands
from bawabati.money.amount import Money
from bawabati.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gateway holds of an order; None when the answer does not say, or speaks of another order."""

    held: Money | None
    said: Said
    """With the messages that it took, for whoever writes down what follows."""


def read_held(payment: Payment) -> Reading:
    """Outside any transaction. Safe to repeat."""
    said = ask_how_it_stands(payment).said
    return Reading(said.still_captured if said.order_number == payment.order_number else None, said)
