"""Asking the gateway while somebody waits for a page."""

import structlog
from django.utils import timezone

from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.pace_questions import may_ask
from bawabati.payments.rules import State

log = structlog.get_logger(__name__)


def ask_now(payment_id: int, *, by_fail: bool = False) -> State | None:
    """How the payment stands on the gateway's word; None when it was not asked.

    A page loaded too often does not ask, and a fault of ours is no answer: the payer is never told of an end by it.
    """
    now = timezone.now()
    try:
        if not may_ask(payment_id=payment_id, now=now):
            return None
        return confirm_payment(payment_id=payment_id, now=now, came_back_by_fail=by_fail)
    except Exception:
        log.exception("asking_failed", payment_id=payment_id)
        return None
