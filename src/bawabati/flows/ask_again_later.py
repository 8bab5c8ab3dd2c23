"""A question that failed by a fault of ours: asked again later, so that the others are asked meanwhile."""

from datetime import datetime, timedelta

from django.db import transaction

from bawabati.payments.writes import postpone_question

AGAIN_AFTER = timedelta(minutes=5)


def ask_again_later(*, payment_id: int, now: datetime) -> None:
    """Gives the lease back. Safe to repeat."""
    with transaction.atomic(durable=True):
        postpone_question(payment_id=payment_id, until=now + AGAIN_AFTER)
