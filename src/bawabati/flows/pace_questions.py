"""A page that asks the gateway may be loaded as often as its reader likes; the gateway is not."""

from datetime import datetime

from bawabati.guard.rules import By, Scope, Verdict
from bawabati.guard.writes import weigh


def may_ask(*, payment_id: int, now: datetime) -> bool:
    """Whether a page may ask the gateway about this attempt now. Call it outside a transaction: each call counts."""
    verdict = weigh(counting=Scope.STATUS, subject={By.LINK: f"payment:{payment_id}"}, now=now)
    return verdict is not Verdict.REFUSED
