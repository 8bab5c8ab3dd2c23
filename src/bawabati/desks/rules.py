"""The life of a session at a desk."""

from enum import StrEnum


class SessionState(StrEnum):
    """Where a session stands."""

    OPEN = "open"
    CLOSED = "closed"


SESSION_STEPS: dict[str, list[str]] = {SessionState.OPEN: [SessionState.CLOSED]}
"""State → states that may follow; the database holds the same table."""
