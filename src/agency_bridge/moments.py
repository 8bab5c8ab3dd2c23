"""Moments: with a zone inside the program, ISO 8601 outside it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

ALGIERS: Final = timezone(timedelta(hours=1))
"""Algeria keeps UTC+1 all year; a fixed offset needs no zone database on the agency's PC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def written(moment: datetime | None) -> str | None:
    """As messages carry it."""
    return None if moment is None else moment.isoformat()


def read_moment(text: object) -> datetime | None:
    """The moment that `text` says; None when it says none, or none with a zone."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
