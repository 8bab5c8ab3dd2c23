"""Every night: what was counted and spent long ago is forgotten."""

from datetime import datetime

from bawabati.guard.writes import forget_old
from bawabati.people.writes import forget_old_sign_ins


def forget_tries(*, now: datetime) -> int:
    """Deletes counters, spent challenges and sessions that no longer matter; returns how many. Safe to repeat."""
    return forget_old(now) + forget_old_sign_ins(now)
