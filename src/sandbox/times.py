"""Moments as people in Algiers read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")  # no daylight saving time since 1981


def local_time(seconds: float) -> datetime:
    """A moment, given in seconds since the epoch."""
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone(ALGIERS)
