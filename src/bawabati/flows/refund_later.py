"""A refund whose step failed by a fault of ours: gone on with later, so that the others go on meanwhile."""

from datetime import datetime, timedelta

from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.writes import postpone_refund

AGAIN_AFTER = timedelta(minutes=5)


def refund_later(*, refund_id: int, now: datetime) -> None:
    """Puts its next step off. Safe to repeat."""
    with written_together("refund_later: postponed"):
        postpone_refund(refund_id=refund_id, until=now + AGAIN_AFTER)
