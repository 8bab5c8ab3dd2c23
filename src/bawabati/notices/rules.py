"""When a message is tried again. Rule: notice-retries (failures.md 2.5, E4)"""

from datetime import datetime, timedelta
from enum import StrEnum

RETRY_AFTER_SECONDS = (10, 30, 120, 600, 3600, 6 * 3600)
"""Then every six hours."""
GIVE_UP_AFTER = timedelta(hours=48)


class NoticeState(StrEnum):
    """Where a message stands. `rejected` and `given_up` are visible in the office."""

    WAITING = "waiting"
    SENT = "sent"
    REJECTED = "rejected"
    GIVEN_UP = "given_up"


def next_try_at(*, created_at: datetime, tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` failed tries; None when it is time to give up.

    Rule: notice-retries (failures.md 2.5, E4)
    """
    if now - created_at >= GIVE_UP_AFTER:
        return None
    wait = RETRY_AFTER_SECONDS[min(tries, len(RETRY_AFTER_SECONDS)) - 1]
    return now + timedelta(seconds=wait)
