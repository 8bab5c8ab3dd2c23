"""How an order stands at its gateway: asked in one way by all who judge it, compare it, or give money of it back."""

from bawabati.adapters.gateways.contract import AskAnswer, Unknown
from bawabati.flows.steps.gateway import gateway_of, let_go_of_the_connection, place_at
from bawabati.flows.steps.side_effects import outside
from bawabati.money.amount import ZERO, Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, find_open_refund, given_back
from bawabati.payments.rules import Discrepancy, compare


def compare_how_it_stands(payment: Payment) -> tuple[Discrepancy | None, AskAnswer]:
    """What differs between our side and the gateway's, and what the gateway said. Changes nothing of ours.

    What we gave back is read before the gateway is asked, the refund under way first of all: nothing is missed that
    ends meanwhile.
    """
    under_way = find_open_refund(payment.id)
    pending = Money(under_way.amount_centimes) if under_way else ZERO
    returned = given_back(payment.id, through_the_gateway=True)
    answer = ask_how_it_stands(payment)
    return compare(attempt=attempt_of(payment), answer=answer, returned=returned, pending=pending), answer


def ask_how_it_stands(payment: Payment) -> AskAnswer:
    """By the gateway's reference; by our own number when the reference never reached us. Changes nothing of ours.

    Outside any transaction. Safe to repeat.
    """
    gateway = gateway_of(payment.gateway_account)
    with place_at(gateway) as has_place:
        if not has_place:
            return Unknown(reason="no_slot")
        let_go_of_the_connection()
        with outside("ask_how_it_stands: ask"):
            if payment.gateway_reference is None:
                return gateway.ask_by_number(order_number=payment.order_number, language=payment.language)  # type: ignore[arg-type]  # the site's languages are the gateway's
            return gateway.ask(reference=payment.gateway_reference, language=payment.language)  # type: ignore[arg-type]
