"""Every night: what was counted and spent long ago is forgotten."""

from datetime import datetime

from bawabati.guard.writes import forget_old


def forget_tries(*, now: datetime) -> int:
    """Deletes counters and spent challenges that no longer matter; returns how many. Safe to repeat."""
    return forget_old(now)
