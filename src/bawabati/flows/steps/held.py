"""What does the gateway still hold of an order? Read before a refund is sent, and before one is sent again."""

from bawabati.flows.steps.gateway import gateway_of, let_go_of_the_connection, place_at
from bawabati.flows.steps.side_effects import outside
from bawabati.money.amount import Money
from bawabati.payments.models import Payment


def read_held(payment: Payment) -> Money | None:
    """Outside any transaction. None when the answer does not say, or speaks of another order. Safe to repeat."""
    gateway = gateway_of(payment.gateway_account)
    with place_at(gateway) as has_place:
        if not has_place:
            return None
        let_go_of_the_connection()
        with outside("read_held: ask"):
            answer = gateway.ask(
                reference=payment.gateway_reference or "",
                language=payment.language,  # type: ignore[arg-type]  # the site's languages are the gateway's
            )
    said = answer.said
    return said.still_captured if said.order_number == payment.order_number else None
