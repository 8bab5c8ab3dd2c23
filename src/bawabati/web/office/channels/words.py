"""What reservations, their events and differences are called on pages. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.flows.settle_channel_difference import How
from bawabati.payments.rules.channels import ChannelDifferenceKind, ReservationEvent, ReservationState

STATES: Final[dict[str, str]] = {
    ReservationState.RESERVED: _("reserved"),
    ReservationState.PENDING: _("the channel does not know"),
    ReservationState.RELEASED: _("time is over, the bills are free"),
    ReservationState.PAID: _("paid"),
    ReservationState.CANCELLED: _("cancelled"),
    ReservationState.NOT_PAID: _("not paid"),
    ReservationState.EXPIRED: _("ended without money"),
}
EVENTS: Final[dict[str, str]] = {
    "opened": _("The bills were reserved"),
    ReservationEvent.PAID: _("The channel says: paid"),
    ReservationEvent.CANCELLED: _("The channel says: cancelled"),
    ReservationEvent.PENDING: _("The channel says that it does not know yet"),
    ReservationEvent.DIFFERS: _("The channel says paid of another sum"),
    ReservationEvent.TIME_OVER: _("Time is over: the bills are free"),
    ReservationEvent.LISTED_PAID: _("The daily file says: paid"),
    ReservationEvent.LISTED_NOT_PAID: _("The daily file says: not paid"),
    ReservationEvent.NEVER_LISTED: _("No daily file names it"),
    ReservationEvent.CONFIRMED_PAID: _("Two people say: paid"),
    ReservationEvent.CONFIRMED_NOT_PAID: _("Two people say: not paid"),
    "proposed": _("A person says how it ended"),
    "proposal_refused": _("Another person does not agree"),
    "hold_released": _("The bills were released by a person"),
    "money_came_first": _("Paid was said before it was reserved: the money counts whatever became of the bills"),
    "channel_mismatch": _("The channel says paid of another sum"),
    "channel_paid_after_end": _("Paid after the end: the money is posted"),
    "channel_cancelled_paid": _("The channel takes back what was paid"),
}
CHOICES: Final[dict[str, str]] = {
    ReservationEvent.CONFIRMED_PAID: _("It was paid: the money is there"),
    ReservationEvent.CONFIRMED_NOT_PAID: _("It was not paid: the bills are free"),
}
"""What one person may say of a reservation that is not clear."""
KINDS: Final[dict[str, str]] = {
    ChannelDifferenceKind.NOT_IN_FILE: _("Paid here, and not in the file"),
    ChannelDifferenceKind.NOT_OURS: _("Paid in the file, and never reserved here"),
    ChannelDifferenceKind.AMOUNT_DIFFERS: _("Another amount in the file"),
    ChannelDifferenceKind.OUTCOME_DIFFERS: _("Paid here, and not paid in the file"),
    ChannelDifferenceKind.LISTED_TWICE: _("Paid twice in the file"),
}
ENDINGS: Final[dict[str, str]] = {
    How.TAKEN_IN: _("Take it in: it pays the bills that the file names"),
    How.EXPLAINED: _("It is explained, and changes nothing here"),
    "by_itself": _("ended by itself: a later file explains it"),
}


def say(table: dict[str, str], key: str) -> str:
    """In the language of the page; what has no words as it is written down."""
    return gettext(table[key]) if key in table else key
