"""A question that failed by a fault of ours: asked again later, so that the others are asked meanwhile."""

from datetime import datetime, timedelta

from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.writes import postpone_question

AGAIN_AFTER = timedelta(minutes=5)


def ask_again_later(*, payment_id: int, now: datetime) -> None:
    """Gives the lease back. Safe to repeat."""
    with written_together("ask_again_later: postponed"):
        postpone_question(payment_id=payment_id, until=now + AGAIN_AFTER)
