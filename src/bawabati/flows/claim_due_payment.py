"""Which attempt has to be asked about now?"""

from datetime import datetime

from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.writes import claim_due

LEASE_SECONDS = 90
"""Longer than the longest question: a place, a connection and an answer, twice when it is asked by number."""
HANDS_FOR_EACH_ACCOUNT = 4


def claim_due_payment(*, now: datetime) -> int | None:
    """Leases the attempt whose question is oldest to the caller; None when nothing is due. Nobody else gets it."""
    with written_together("claim_due_payment: leased"):
        return claim_due(now=now, lease_seconds=LEASE_SECONDS, hands_for_each_account=HANDS_FOR_EACH_ACCOUNT)
