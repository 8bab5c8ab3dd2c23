"""The life of a session at a desk."""

from enum import StrEnum

from bawabati.errors import CannotDo


class SessionState(StrEnum):
    """Where a session stands."""

    OPEN = "open"
    CLOSED = "closed"


SESSION_STEPS: dict[str, list[str]] = {SessionState.OPEN: [SessionState.CLOSED]}
"""State → states that may follow; the database holds the same table."""


class NoSuchDesk(CannotDo):
    """No desk of that identifier, or one that is not used any more."""

    code = "no_such_desk"
    sentence = "There is no desk of this name, or it is not used any more."


class NoSuchSession(CannotDo):
    """No session of that identifier."""

    code = "no_such_session"
    sentence = "There is no such desk session."


class SessionNotOpen(CannotDo):
    """Money is taken into an open session only."""

    code = "session_not_open"
    sentence = "This desk session is closed. Open a new one first."


class SessionStillOpen(CannotDo):
    """Its numbers may still be used."""

    code = "session_still_open"
    sentence = "The session of these numbers is still open. Close it first."


class DeskTaken(CannotDo):
    """A desk has one open session at a time. Rule: one-session (readers.md 5.1)"""

    code = "desk_taken"
    sentence = "%(cashier)s has an open session at this desk. It has to be closed first."


class CashierElsewhere(CannotDo):
    """A cashier has one open session at a time. Rule: one-session (readers.md 5.1)"""

    code = "cashier_elsewhere"
    sentence = "You have an open session at desk %(desk)s. Close it first."


class DayClosed(CannotDo):
    """The agency head has signed the day: nothing is taken on it any more."""

    code = "day_closed"
    sentence = "The day of this agency is closed and signed. Nothing more is taken today."


class SalesBeingChecked(CannotDo):
    """Rule: closing-with-unknown (behaviour.md 3, R14)"""

    code = "sales_being_checked"
    sentence = (
        "%(count)s sales of this session are not over. The head of the agency closes it and hands them over, "
        "or you wait until they are known."
    )


class DifferenceNeedsReason(CannotDo):
    """The drawer does not hold what it should; the count is kept. Rule: blind-count (readers.md 5.1)"""

    code = "difference_needs_reason"
    sentence = "The drawer holds %(counted)s and should hold %(expected)s. Count again, or say why."
