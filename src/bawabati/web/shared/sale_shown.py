"""A sale at a desk as people see it: which of a few pages, and which words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from bawabati.companies.rules import Protocol
from bawabati.payments.models import Sale
from bawabati.payments.rules.sales import FOREGROUND, SaleState


class Shown(StrEnum):
    """Which page a sale has. Each is told apart by its words and its sign, never by its colour alone."""

    FOLLOWED = "followed"
    TYPED = "typed"
    """A reader that nothing connects to us: its cashier says what it said."""
    PAID = "paid"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    REVIEW = "review"
    REVERSING = "reversing"
    REVERSED = "reversed"


_SHOWN: Final = {
    SaleState.OPENED: Shown.FOLLOWED,
    SaleState.SENT: Shown.FOLLOWED,
    SaleState.APPROVED: Shown.FOLLOWED,
    SaleState.SETTLED: Shown.PAID,
    SaleState.UNKNOWN: Shown.UNKNOWN,
    SaleState.REVIEW: Shown.REVIEW,
    SaleState.REVERSING: Shown.REVERSING,
    SaleState.DECLINED: Shown.REFUSED,
    SaleState.CANCELLED: Shown.REFUSED,
    SaleState.NOT_SENT: Shown.REFUSED,
    SaleState.NOT_PROCESSED: Shown.REFUSED,
    SaleState.REVERSED: Shown.REVERSED,
}
IN_PROGRESS: Final = frozenset({Shown.FOLLOWED, Shown.UNKNOWN, Shown.REVERSING})
"""Nothing else is done at the desk meanwhile."""
LIVE: Final = IN_PROGRESS | {Shown.TYPED, Shown.REVIEW}
"""Pages that follow what happens by themselves; one where somebody is typing waits until he has done."""

_STEPS: Final[dict[str, str | Promise]] = {
    "present_card": gettext_lazy("Ask the customer to present the card."),
    "card_inserted": gettext_lazy("The card is in the reader."),
    "enter_code": gettext_lazy("The customer types the code."),
    "authorising": gettext_lazy("The bank is being asked."),
    "remove_card": gettext_lazy("The customer takes the card back."),
    "printing": gettext_lazy("The reader prints its slip."),
}

_REASONS: Final[dict[str, str | Promise]] = {
    "Refusal": gettext_lazy("The customer's bank has refused. It alone knows why: funds, ceiling, or a block."),
    "InvalidCard": gettext_lazy("This card cannot be used: it is unknown, out of date, or could not be read."),
    "WrongPIN": gettext_lazy("The code was wrong."),
    "UnreachableHost": gettext_lazy("The reader could not reach the bank."),
    "Cancel": gettext_lazy("The customer has cancelled on the reader."),
    "Aborted": gettext_lazy("The sale was cancelled from this desk."),
    "Busy": gettext_lazy("The reader was busy with something else."),
    "DeviceOut": gettext_lazy("A part of the reader does not work."),
    "NotAllowed": gettext_lazy("The reader does not allow this operation."),
    "LoggedOut": gettext_lazy("The reader is out of service for the moment."),
    "AF04": gettext_lazy("The customer's bank has refused. It alone knows why: funds, ceiling, or a block."),
}


_HAPPENINGS: Final[dict[str, str | Promise]] = {
    "opened": gettext_lazy("opened; the bills are reserved"),
    "sent": gettext_lazy("given to the reader"),
    "received": gettext_lazy("money received"),
    "withdrawn": gettext_lazy("cancelled before it was sent"),
    "idle": gettext_lazy("cancelled: nobody went on with it"),
    "approved": gettext_lazy("card accepted"),
    "declined": gettext_lazy("card refused"),
    "cancelled": gettext_lazy("cancelled"),
    "not_sent": gettext_lazy("never reached the reader"),
    "silent": gettext_lazy("no answer: unknown from here on"),
    "second_person_needed": gettext_lazy("slip typed; a second person is needed"),
    "not_processed": gettext_lazy("the reader has not carried it out"),
    "cannot_tell": gettext_lazy("no machine can tell: people have to look"),
    "settled": gettext_lazy("paid; the receipt is written"),
    "differs": gettext_lazy("accepted, but not what was asked for: reversed"),
    "reversal_asked": gettext_lazy("reversal asked for"),
    "reversed": gettext_lazy("reversed on the reader"),
    "reversal_failed": gettext_lazy("the reversal failed"),
    "confirmed_paid": gettext_lazy("confirmed by two people: paid"),
    "confirmed_not_processed": gettext_lazy("confirmed by two people: nothing was charged"),
    "confirmed_reversed": gettext_lazy("confirmed by two people: reversed"),
    "abort_asked": gettext_lazy("the reader is asked to cancel"),
    "hold_released": gettext_lazy("the bills were released"),
    "proposed": gettext_lazy("somebody said what became of it"),
    "proposal_refused": gettext_lazy("another person did not agree"),
    "receipt_printed": gettext_lazy("receipt printed"),
}


def happening_words(event: str) -> str:
    """What happened, in words; an event without words as it is written down."""
    return str(_HAPPENINGS.get(event, event))


def shown_of(sale: Sale) -> Shown:
    """Its page."""
    state = SaleState(sale.state)
    by_hand = sale.reader is not None and sale.reader.protocol == Protocol.MANUAL
    return Shown.TYPED if state is SaleState.SENT and by_hand else _SHOWN[state]


def step_words(sale: Sale) -> str:
    """What the reader shows now, in a sentence."""
    if sale.abort_asked_at is not None:
        return gettext("The reader is asked to cancel. Wait for its answer.")
    if sale.state == SaleState.APPROVED:
        return gettext("The card was accepted. The receipt is being written.")
    step = _STEPS.get(sale.step)
    return str(step) if step else gettext("The amount is on its way to the reader.")


def reason_words(sale: Sale) -> str:
    """Why it ended without money, in a sentence."""
    known = _REASONS.get(sale.reason)
    if known:
        return str(known)
    match SaleState(sale.state):
        case SaleState.CANCELLED:
            return gettext("The sale was cancelled before anything was charged.")
        case SaleState.NOT_SENT:
            return gettext("The reader did not get the amount: nothing was begun.")
        case SaleState.NOT_PROCESSED:
            return gettext("It is certain now: the reader has not carried it out.")
        case _:
            return gettext("The card was refused.")


def mark_of(sale: Sale) -> str:
    """Changes when more has changed than a word on the page."""
    return f"{sale.state}.{sale.event_count}.{int(sale.abort_asked_at is not None)}"


def seconds_since(moment: datetime | None, *, now: datetime) -> int:
    """How long ago, in whole seconds."""
    return max(0, int((now - moment).total_seconds())) if moment else 0


def seconds_of_foreground(sale: Sale, *, now: datetime) -> int:
    """How long the quick checks of an unknown sale still go on."""
    return max(0, int(FOREGROUND.total_seconds()) - seconds_since(sale.unknown_since, now=now))
