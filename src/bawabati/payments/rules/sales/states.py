"""The table of a sale at a desk: which state follows which, and by which event.

The database's trigger and the diagram in the docs are made from it. Rule: sale-states (behaviour.md 3)
"""

from enum import StrEnum

from bawabati.errors import CannotDo


class SaleState(StrEnum):
    """Where a sale stands."""

    OPENED = "opened"
    SENT = "sent"
    """The reader may have it: given to its bridge, or keyed in by hand."""
    APPROVED = "approved"
    SETTLED = "settled"
    UNKNOWN = "unknown"
    REVIEW = "review"
    """No machine can tell any more: two people look at the slip and say."""
    REVERSING = "reversing"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NOT_SENT = "not_sent"
    NOT_PROCESSED = "not_processed"
    REVERSED = "reversed"


class SaleEvent(StrEnum):
    """What happened to a sale."""

    SENT = "sent"
    RECEIVED = "received"
    """Cash or a cheque, counted into an open session."""
    WITHDRAWN = "withdrawn"
    """By the cashier, before it was sent."""
    IDLE = "idle"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    """On the reader's keypad, or because we asked the reader to."""
    NOT_SENT = "not_sent"
    SILENT = "silent"
    SECOND_PERSON_NEEDED = "second_person_needed"
    """The cashier typed an approval above the company's limit."""
    NOT_PROCESSED = "not_processed"
    CANNOT_TELL = "cannot_tell"
    SETTLED = "settled"
    DIFFERS = "differs"
    """Approved, and not what was asked for."""
    REVERSAL_ASKED = "reversal_asked"
    REVERSED = "reversed"
    REVERSAL_FAILED = "reversal_failed"
    CONFIRMED_PAID = "confirmed_paid"
    CONFIRMED_NOT_PROCESSED = "confirmed_not_processed"
    CONFIRMED_REVERSED = "confirmed_reversed"


SALE_EVENTS: dict[SaleState, dict[SaleEvent, SaleState]] = {
    SaleState.OPENED: {
        SaleEvent.SENT: SaleState.SENT,
        SaleEvent.RECEIVED: SaleState.SETTLED,
        SaleEvent.WITHDRAWN: SaleState.CANCELLED,
        SaleEvent.IDLE: SaleState.CANCELLED,
        SaleEvent.NOT_SENT: SaleState.NOT_SENT,
    },
    SaleState.SENT: {
        SaleEvent.APPROVED: SaleState.APPROVED,
        SaleEvent.DECLINED: SaleState.DECLINED,
        SaleEvent.CANCELLED: SaleState.CANCELLED,
        SaleEvent.NOT_SENT: SaleState.NOT_SENT,
        SaleEvent.SILENT: SaleState.UNKNOWN,
        SaleEvent.SECOND_PERSON_NEEDED: SaleState.REVIEW,
    },
    SaleState.UNKNOWN: {
        SaleEvent.APPROVED: SaleState.APPROVED,
        SaleEvent.DECLINED: SaleState.DECLINED,
        SaleEvent.NOT_PROCESSED: SaleState.NOT_PROCESSED,
        SaleEvent.CANNOT_TELL: SaleState.REVIEW,
    },
    SaleState.APPROVED: {
        SaleEvent.SETTLED: SaleState.SETTLED,
        SaleEvent.DIFFERS: SaleState.REVERSING,
    },
    SaleState.SETTLED: {
        SaleEvent.REVERSAL_ASKED: SaleState.REVERSING,
    },
    SaleState.REVERSING: {
        SaleEvent.REVERSED: SaleState.REVERSED,
        SaleEvent.REVERSAL_FAILED: SaleState.REVIEW,
    },
    SaleState.REVIEW: {
        SaleEvent.CONFIRMED_PAID: SaleState.SETTLED,
        SaleEvent.CONFIRMED_NOT_PROCESSED: SaleState.NOT_PROCESSED,
        SaleEvent.CONFIRMED_REVERSED: SaleState.REVERSED,
    },
    SaleState.DECLINED: {},
    SaleState.CANCELLED: {},
    SaleState.NOT_SENT: {},
    SaleState.NOT_PROCESSED: {},
    SaleState.REVERSED: {},
}

FINAL_SALE = frozenset(state for state, events in SALE_EVENTS.items() if not events)
SALE_AT_WORK = frozenset({SaleState.OPENED, SaleState.SENT, SaleState.UNKNOWN, SaleState.REVERSING})
"""States in which time brings something to do."""
OCCUPIES_READER = frozenset(
    {SaleState.OPENED, SaleState.SENT, SaleState.UNKNOWN, SaleState.APPROVED, SaleState.REVERSING}
)
"""A reader has one sale at a time. Rule: one-sale-of-a-reader (readers.md 3, R2)"""
LETS_GO_OF_BILLS = FINAL_SALE | {SaleState.SETTLED}
"""All other states hold their bills, but for a sale that had been settled before. Rule: sale-holds (behaviour.md 3)"""


class SaleMovedOn(CannotDo):
    """The table has no such event in this state: somebody else was faster, or it is told twice."""

    code = "sale_moved_on"
    sentence = "This sale has already moved on. Look at it again."


def next_sale_state(state: SaleState, event: SaleEvent) -> SaleState:
    """The state that follows. Raises SaleMovedOn."""
    try:
        return SALE_EVENTS[state][event]
    except KeyError:
        raise SaleMovedOn(state=state, event=event) from None
