"""The cashier presses cancel. What was sent is not cancelled by wishing: the reader is asked."""

from datetime import datetime

from bawabati.companies.rules import Protocol
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.hear_reader import lock_whole_sale
from bawabati.flows.steps.reader_orders import ask_to_abort, is_on_the_wire
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.payments.models import Sale
from bawabati.payments.rules.sales import OrderKind, SaleEvent, SaleState
from bawabati.payments.writes import lock_waiting_orders, move_sale, note_happening, save_sale, withdraw
from bawabati.people.models import Staff
from bawabati.people.rules import Action


def cancel_sale(*, sale_id: int, staff: Staff, now: datetime) -> Sale:
    """The sale as it stands then. Safe to repeat, and to race with the bridge that fetches it.

    Not sent yet: withdrawn at once. Sent: the reader is asked to let it be, where it can be asked, and the sale goes on
    waiting for its answer. Keyed by hand: cancelled on the cashier's word that nothing was charged, which is kept.
    Rule: cancel-is-a-question (readers.md 2.A.7)

    Raises:
        NoSuchSale, NotAllowed.
    """
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.TAKE_PAYMENT, known)
    with written_together("cancel_sale: cancelled or asked for"):
        sale = lock_whole_sale(sale_id)
        if sale.state == SaleState.OPENED:
            for order in lock_waiting_orders(sale, OrderKind.PAY):
                withdraw(order, now=now)
            move_sale(sale, event=SaleEvent.WITHDRAWN, by=staff, evidence={}, next_step_at=None, now=now)
        elif sale.state == SaleState.SENT and sale.reader and sale.reader.protocol == Protocol.MANUAL:
            said = {"nothing_was_charged": True}
            move_sale(sale, event=SaleEvent.CANCELLED, by=staff, evidence=said, next_step_at=None, now=now)
        elif sale.state == SaleState.SENT and is_on_the_wire(sale.reader) and sale.abort_asked_at is None:
            ask_to_abort(sale, now=now)
            save_sale(sale, "abort_asked_at")
            note_happening(sale, event="abort_asked", by=staff, evidence={}, now=now)
    return sale
