"""A bridge is about to do what it was told: from here on a reader may have it."""

from datetime import datetime

from bawabati.companies.rules import Protocol
from bawabati.flows.steps.bridge_order import get_order_or_say
from bawabati.flows.steps.hear_reader import lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.rules.sales import OrderKind, OrderState, SaleEvent, SaleState, answer_expected_at
from bawabati.payments.writes import lock_order, move_sale, take


def take_order(*, bridge_id: int, order_id: int, now: datetime) -> bool:
    """Whether the bridge may go on. Safe to repeat: it is told the same, and its own journal knows the rest.

    A payment is `sent` from this moment. Rule: taken-before-sent (readers.md 3, R1)

    Raises:
        NoSuchOrder.
    """
    known = get_order_or_say(bridge_id=bridge_id, order_id=order_id)
    with written_together("take_order: taken"):
        sale = lock_whole_sale(known.sale_id) if known.sale_id is not None else None
        order = lock_order(order_id)
        if order.state != OrderState.WAITING:
            return order.state == OrderState.TAKEN
        take(order, now=now)
        if sale is not None and order.kind == OrderKind.PAY and sale.state == SaleState.OPENED:
            sale.boot_when_sent = sale.reader.boot if sale.reader else ""
            until = answer_expected_at(protocol=Protocol(order.reader.protocol), sent_at=now)
            move_sale(sale, event=SaleEvent.SENT, by=None, evidence={"order": order.id}, next_step_at=until, now=now)
    return True
