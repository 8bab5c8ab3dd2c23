"""The table of what a channel has reserved: which state follows which, and by which event.

The database's trigger and the diagram in the docs are made from it. Rule: reservation-states (behaviour.md 1, I6 I10)
"""

from enum import StrEnum

from bawabati.errors import CannotDo


class ReservationState(StrEnum):
    """Where a reservation stands."""

    RESERVED = "reserved"
    PENDING = "pending"
    """The channel does not know yet whether its customer has paid. Time alone never ends this."""
    RELEASED = "released"
    """Its time is over without a word: the bills are free, and money may still have been taken."""
    PAID = "paid"
    CANCELLED = "cancelled"
    NOT_PAID = "not_paid"
    """Its daily file, or two people, say that no money was taken."""
    EXPIRED = "expired"
    """Released, and no daily file of any of its days names it."""


class ReservationEvent(StrEnum):
    """What happened to a reservation."""

    PAID = "paid"
    CANCELLED = "cancelled"
    PENDING = "pending"
    DIFFERS = "differs"
    """The channel says "paid" of another sum than was reserved: money may be there, and which is not known."""
    TIME_OVER = "time_over"
    LISTED_PAID = "listed_paid"
    LISTED_NOT_PAID = "listed_not_paid"
    NEVER_LISTED = "never_listed"
    CONFIRMED_PAID = "confirmed_paid"
    CONFIRMED_NOT_PAID = "confirmed_not_paid"


_WORDS = {
    ReservationEvent.PAID: ReservationState.PAID,
    ReservationEvent.CANCELLED: ReservationState.CANCELLED,
    ReservationEvent.LISTED_PAID: ReservationState.PAID,
    ReservationEvent.LISTED_NOT_PAID: ReservationState.NOT_PAID,
}
_DOUBTS = {
    ReservationEvent.PENDING: ReservationState.PENDING,
    ReservationEvent.DIFFERS: ReservationState.PENDING,
}
_BY_PEOPLE = {
    ReservationEvent.CONFIRMED_PAID: ReservationState.PAID,
    ReservationEvent.CONFIRMED_NOT_PAID: ReservationState.NOT_PAID,
}
RESERVATION_EVENTS: dict[ReservationState, dict[ReservationEvent, ReservationState]] = {
    ReservationState.RESERVED: _WORDS | _DOUBTS | {ReservationEvent.TIME_OVER: ReservationState.RELEASED},
    ReservationState.PENDING: _WORDS | _BY_PEOPLE,
    ReservationState.RELEASED: _WORDS
    | _DOUBTS
    | _BY_PEOPLE
    | {ReservationEvent.NEVER_LISTED: ReservationState.EXPIRED},
    ReservationState.PAID: {},
    ReservationState.CANCELLED: {},
    ReservationState.NOT_PAID: {},
    ReservationState.EXPIRED: {},
}

FINAL_RESERVATION = frozenset(state for state, events in RESERVATION_EVENTS.items() if not events)
RESERVATION_HOLDS = frozenset({ReservationState.RESERVED, ReservationState.PENDING})
"""States that hold their bills, as every open attempt does. Rule: reservation-holds (behaviour.md 1, I7)"""


class ReservationMovedOn(CannotDo):
    """The table has no such event in this state: somebody else was faster, or it is told twice."""

    code = "reservation_moved_on"
    sentence = "This reservation has already moved on. Look at it again."


def next_reservation_state(state: ReservationState, event: ReservationEvent) -> ReservationState:
    """The state that follows. Raises ReservationMovedOn."""
    try:
        return RESERVATION_EVENTS[state][event]
    except KeyError:
        raise ReservationMovedOn(state=state, event=event) from None
