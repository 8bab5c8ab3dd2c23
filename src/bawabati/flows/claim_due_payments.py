"""Which attempts have to be asked about now?"""

from datetime import datetime

from django.db import transaction

from bawabati.payments.writes import claim_due

LEASE_SECONDS = 60


def claim_due_payments(*, now: datetime, at_most: int) -> list[int]:
    """Leases due attempts to the caller, oldest question first. Several callers never get the same one."""
    with transaction.atomic(durable=True):
        return claim_due(now=now, lease_seconds=LEASE_SECONDS, at_most=at_most)
