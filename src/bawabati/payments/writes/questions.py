"""Whose question is next: leases for sweepers, and questions that come later."""

from datetime import datetime, timedelta

from django.db import connection

# Fair between accounts: one that answers slowly leaves hands for the others.
_CLAIM_ONE = """
WITH busy AS (
    SELECT gateway_account_id FROM payments_payment WHERE leased_until > %(now)s
    GROUP BY gateway_account_id HAVING count(*) >= %(hands)s
), due AS (
    SELECT id FROM payments_payment
    WHERE next_ask_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
      AND gateway_account_id NOT IN (SELECT gateway_account_id FROM busy)
    ORDER BY next_ask_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE payments_payment SET leased_until = %(lease)s FROM due WHERE payments_payment.id = due.id
RETURNING payments_payment.id
"""
_POSTPONE = """
UPDATE payments_payment SET leased_until = NULL, next_ask_at = greatest(next_ask_at, %s)
WHERE id = %s AND next_ask_at IS NOT NULL
"""


def claim_due(*, now: datetime, lease_seconds: int, hands_for_each_account: int) -> int | None:
    """Takes the payment whose question is oldest, and leases it to the caller; None when there is nothing to ask.

    Several sweepers never get the same one; a sweeper that dies loses its lease by time. An account that has as many
    leases as it may have waits.
    """
    lease = now + timedelta(seconds=lease_seconds)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_ONE, {"now": now, "lease": lease, "hands": hands_for_each_account})
        row = cursor.fetchone()
    return row[0] if row else None


def postpone_question(*, payment_id: int, until: datetime) -> None:
    """Gives the lease back and asks no earlier than then. What has ended stays as it is. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONE, [until, payment_id])
