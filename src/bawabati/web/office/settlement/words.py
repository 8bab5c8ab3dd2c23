"""What stands in the settlement section's lists, in words: kinds, states, endings, steps, lines, and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.adapters.statements.contract import LineKind, Source
from bawabati.settlement.models import UNREADABLE
from bawabati.settlement.rules import DifferenceKind, DifferenceState, Ending, Step

KINDS: Final[Mapping[str, str]] = {
    DifferenceKind.MISSING_AT_BANK: _("Paid here, missing in the acquirer's files"),
    DifferenceKind.NOT_OURS: _("Line without a payment of ours"),
    DifferenceKind.AMOUNT_DIFFERS: _("Another amount"),
    DifferenceKind.FEE_DIFFERS: _("Another commission than agreed"),
    DifferenceKind.VAT_DIFFERS: _("Another VAT on the commission"),
    DifferenceKind.NET_DIFFERS: _("The net of a line is wrong"),
    DifferenceKind.REPEATED_LINE: _("Line listed twice"),
    DifferenceKind.PAID_BUT_NOT_POSTED_HERE: _("Paid at the acquirer, not posted here"),
    DifferenceKind.REFUND_NOT_SEEN: _("Refund missing in the acquirer's files"),
    DifferenceKind.REFUND_NOT_OURS: _("Refund that nobody here asked for"),
    DifferenceKind.CHARGEBACK: _("Payment disputed by the card holder"),
    DifferenceKind.REMITTANCE_NOT_CREDITED: _("Remittance not credited by the bank"),
    DifferenceKind.CREDIT_WITHOUT_REMITTANCE: _("Credit without a remittance"),
    DifferenceKind.CREDIT_DIFFERS: _("Credit of another amount"),
    DifferenceKind.MISSING_FILE: _("Day without a file"),
    DifferenceKind.FILE_TOTAL_DIFFERS: _("The total of the file is wrong"),
    DifferenceKind.LATE_LINE: _("Lines in a later file than their day"),
    DifferenceKind.UNREADABLE_LINE: _("Line that could not be read"),
}
STATES: Final[Mapping[str, str]] = {
    DifferenceState.OPEN: _("open"),
    DifferenceState.PROPOSED: _("waits for a second person"),
    DifferenceState.ENDED: _("settled"),
}
ENDINGS: Final[Mapping[str, str]] = {
    Ending.EXPLAINED: _("explained: no money is missing"),
    Ending.FEE: _("booked as a commission"),
    Ending.VAT: _("booked as VAT on a commission"),
    Ending.LOSS: _("booked as a loss"),
    Ending.GAIN: _("booked as a gain"),
    Ending.CHANNEL: _("what another channel hands over of its payments"),
    Ending.REVERSED: _("the payment is reversed; its bills are due again"),
    Ending.AGREES: _("agrees by itself: what was missing has come"),
}
STEPS: Final[Mapping[str, str]] = {
    Step.OPENED: _("found"),
    Step.TAKEN: _("taken over"),
    Step.PROMISED: _("a day was promised"),
    Step.COMMENTED: _("comment"),
    Step.CHANGED: _("its amount has changed"),
    Step.PROPOSED: _("an ending was proposed"),
    Step.REFUSED: _("the proposal was refused"),
    Step.CONFIRMED: _("the proposal was confirmed"),
    Step.ENDED: _("settled"),
    Step.REOPENED: _("opened again"),
}
SOURCES: Final[Mapping[str, str]] = {Source.ACQUIRER: _("acquirer"), Source.BANK: _("bank")}
LINES: Final[Mapping[str, str]] = {
    LineKind.PAYMENT: _("payment"),
    LineKind.REFUND: _("refund"),
    LineKind.CHARGEBACK: _("disputed payment"),
    LineKind.CANCELLATION: _("cancellation"),
    LineKind.TERMINAL_TOTAL: _("total of a reader"),
    LineKind.TOTAL: _("total"),
    LineKind.CREDIT: _("remittance of cards"),
    LineKind.OTHER: _("something else"),
    LineKind.OPENING: _("opening balance"),
    LineKind.CLOSING: _("closing balance"),
    UNREADABLE: _("could not be read"),
}
REASONS: Final[Mapping[str, str]] = {
    "amount_not_readable": _("The amount cannot be read."),
    "amount_too_large": _("The amount is too large."),
    "date_not_plausible": _("The day cannot be right."),
    "date_not_readable": _("The day cannot be read."),
    "forbidden_character": _("A character in it is not allowed."),
    "kind_unknown": _("The profile does not know what kind of line this is."),
    "line_too_long": _("The line is too long."),
    "quote_not_closed": _("A quotation mark is not closed."),
    "time_not_readable": _("The time cannot be read."),
    "value_missing": _("A value is missing."),
    "value_too_long": _("A value is too long."),
    "wrong_encoding": _("The encoding is not that of the profile."),
    "wrong_number_of_columns": _("It has another number of columns than the first line."),
    "wrong_sign": _("The sign of the amount does not fit what the line is."),
}
AMOUNTS: Final[Mapping[str, str]] = {
    "our_centimes": _("In our books"),
    "gross_centimes": _("Gross, by the lines"),
    "gross": _("Gross, as the file says"),
    "fee_centimes": _("Commission, by the lines"),
    "fee": _("Commission, as the file says"),
    "vat_centimes": _("VAT, by the lines"),
    "vat": _("VAT, as the file says"),
    "net_centimes": _("Net, by the lines"),
    "net": _("Net, as the file says"),
    "due_centimes": _("What would be right"),
    "credited_centimes": _("Credited by the bank"),
    "opening": _("Opening balance"),
    "closing": _("Closing balance"),
}
DETAILS: Final[Mapping[str, str]] = {
    "order_number": _("Our order number"),
    "reference": _("Reference"),
    "terminal": _("Terminal"),
    "approval_code": _("Approval number"),
    "number": _("Remittance"),
    "label": _("Label"),
    "line_number": _("Line"),
    "reason": _("Why it could not be read"),
    "lines": _("Lines"),
    "count": _("Lines, as the file says"),
    "payments": _("Payments"),
    "remittances": _("Remittances"),
    "file_day": _("Day of the file"),
    **AMOUNTS,
}
"""What stands beside an item, in the order in which it is shown."""
WAYS: Final[Mapping[str, str]] = {"web": _("on the web"), "card": _("on card readers"), "": _("web and readers")}


def choices_of(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """For a filter of a list."""
    return tuple((str(value), label) for value, label in words.items())


def say(words: Mapping[str, str], value: str) -> str:
    """In the language of the page; what we have no words for stays as it is."""
    return gettext(words[value]) if value in words else value
