"""The table: which state follows which, and by which event.

The only place that says so. The database's trigger, the diagram in the docs and the harness are all made from it.
States are participles, events are past facts. Rule: payment-states (behaviour.md 2)
"""

from enum import StrEnum

from bawabati.errors import CannotDo


class State(StrEnum):
    """Where an attempt stands."""

    OPENED = "opened"
    AT_GATEWAY = "at_gateway"
    IN_DOUBT = "in_doubt"
    WATCHED = "watched"
    PAID = "paid"
    FAILED = "failed"
    DECLINED = "declined"
    EXPIRED = "expired"


class Event(StrEnum):
    """What happened to an attempt."""

    REGISTERED = "registered"
    REFUSED_BY_GATEWAY = "refused_by_gateway"
    NEVER_SENT = "never_sent"
    FOUND_LATE = "found_late"
    NEVER_REGISTERED = "never_registered"
    CONFIRMED = "confirmed"
    RECOVERED = "recovered"
    """Money of an attempt that had ended otherwise, posted beside it."""
    RECEIVED = "received"
    """At a desk: what a sale has settled."""
    DECLINED = "declined"
    CANCELLED = "cancelled"
    PAGE_OVER = "page_over"
    SILENT = "silent"
    DECLINED_FOR_GOOD = "declined_for_good"
    EXPIRED = "expired"


EVENTS: dict[State, dict[Event, State]] = {
    State.OPENED: {
        Event.REGISTERED: State.AT_GATEWAY,
        Event.REFUSED_BY_GATEWAY: State.FAILED,
        Event.NEVER_SENT: State.FAILED,
        Event.FOUND_LATE: State.WATCHED,
        Event.NEVER_REGISTERED: State.FAILED,
        Event.RECOVERED: State.PAID,
        Event.RECEIVED: State.PAID,
    },
    State.AT_GATEWAY: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED: State.WATCHED,
        Event.CANCELLED: State.WATCHED,
        Event.PAGE_OVER: State.WATCHED,
        Event.SILENT: State.IN_DOUBT,
    },
    State.IN_DOUBT: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED: State.WATCHED,
        Event.CANCELLED: State.WATCHED,
        Event.PAGE_OVER: State.WATCHED,
    },
    State.WATCHED: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED_FOR_GOOD: State.DECLINED,
        Event.EXPIRED: State.EXPIRED,
    },
    State.PAID: {},
    State.FAILED: {},
    State.DECLINED: {},
    State.EXPIRED: {},
}

FINAL = frozenset(state for state, events in EVENTS.items() if not events)
HOLDING = frozenset({State.OPENED, State.AT_GATEWAY, State.IN_DOUBT})
"""States that hold their bills. `watched` does not: the gateway has said "not paid" at least once."""


class PublicWord(StrEnum):
    """What a payer is told. Every page says beside it whether money was taken and what to do next."""

    WAITING = "waiting"
    PAID = "paid"
    NOT_PAID = "not_paid"
    BEING_CHECKED = "being_checked"


PUBLIC_WORD: dict[State, PublicWord] = {
    State.OPENED: PublicWord.WAITING,
    State.AT_GATEWAY: PublicWord.WAITING,
    State.IN_DOUBT: PublicWord.BEING_CHECKED,
    State.WATCHED: PublicWord.NOT_PAID,
    State.PAID: PublicWord.PAID,
    State.FAILED: PublicWord.NOT_PAID,
    State.DECLINED: PublicWord.NOT_PAID,
    State.EXPIRED: PublicWord.NOT_PAID,
}


class EventNotAllowed(CannotDo):
    """The table has no such event in this state: somebody else was faster, or it is told twice."""

    code = "event_not_allowed"
    sentence = "This payment has already moved on."


def next_state(state: State, event: Event) -> State:
    """The state that follows. Raises EventNotAllowed."""
    try:
        return EVENTS[state][event]
    except KeyError:
        raise EventNotAllowed(state=state, event=event) from None
