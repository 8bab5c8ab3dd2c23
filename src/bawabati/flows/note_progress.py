"""What a reader shows the customer, for the cashier's eyes only: it decides nothing."""

from datetime import datetime

from bawabati.flows.steps.bridge_order import get_order_or_say
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.writes import note_step

STEPS = frozenset({"present_card", "card_inserted", "enter_code", "authorising", "remove_card", "printing"})


def note_progress(*, bridge_id: int, order_id: int, step: str, now: datetime) -> None:
    """Keeps the step of a sale under way; an unknown word is left aside. Safe to repeat. Raises NoSuchOrder."""
    known = get_order_or_say(bridge_id=bridge_id, order_id=order_id)
    if known.sale_id is None or step not in STEPS:
        return
    with written_together("note_progress: step kept"):
        note_step(sale_id=known.sale_id, step=step, now=now)
