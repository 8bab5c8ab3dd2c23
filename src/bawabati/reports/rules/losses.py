"""Why an attempt to pay online brought nothing, in the words of the board. Rule: loss-names (satim.md 6.7, 6.8)"""

from enum import StrEnum
from typing import Final

from bawabati.adapters.gateways.contract import Cause
from bawabati.payments.rules import State


class Loss(StrEnum):
    """What a payer was stopped by."""

    NO_FUNDS = "no_funds"
    OVER_CEILING = "over_ceiling"
    """More than the card may pay in a day or a month."""
    NOT_ACTIVE_ONLINE = "not_active_online"
    """Payment online is not active on the card, or was blocked after three wrong codes: the gateway says the same."""
    WRONG_CODE = "wrong_code"
    """The code that came by SMS was wrong, or was never typed."""
    WRONG_DETAILS = "wrong_details"
    """Number, date or CVV2 of the card were mistyped."""
    CARD_NOT_USABLE = "card_not_usable"
    """Expired, blocked, lost."""
    GAVE_UP = "gave_up"
    """Left the bank's page, cancelled there, or let its time run out."""
    NOT_OPENED = "not_opened"
    """The gateway could not be reached, or opened no order: ours to mend, not the payer's."""
    OTHER = "other"


BY_RESPONSE_CODE: Final = {
    "33": Loss.CARD_NOT_USABLE,
    "37": Loss.CARD_NOT_USABLE,
    "41": Loss.CARD_NOT_USABLE,
    "43": Loss.CARD_NOT_USABLE,
    "51": Loss.NO_FUNDS,
    "61": Loss.OVER_CEILING,
    "62": Loss.WRONG_DETAILS,
    "AB": Loss.WRONG_DETAILS,
    "AD": Loss.WRONG_DETAILS,
    "AE": Loss.NOT_ACTIVE_ONLINE,
}
BY_ACTION_CODE: Final = {
    101: Loss.CARD_NOT_USABLE,
    116: Loss.NO_FUNDS,
    121: Loss.OVER_CEILING,
    125: Loss.WRONG_DETAILS,
    126: Loss.CARD_NOT_USABLE,
    127: Loss.CARD_NOT_USABLE,
    140: Loss.WRONG_DETAILS,
    203: Loss.CARD_NOT_USABLE,
    208: Loss.CARD_NOT_USABLE,
    209: Loss.CARD_NOT_USABLE,
    2003: Loss.NOT_ACTIVE_ONLINE,
    100254: Loss.NOT_ACTIVE_ONLINE,
    100882: Loss.WRONG_DETAILS,
    342034: Loss.GAVE_UP,
    -100: Loss.GAVE_UP,
    -2006: Loss.WRONG_CODE,
    -2007: Loss.GAVE_UP,
    -2013: Loss.WRONG_CODE,
    -20010: Loss.OVER_CEILING,
}
BY_CAUSE: Final = {
    Cause.AUTHENTICATION_FAILED: Loss.WRONG_CODE,
    Cause.CANCELLED: Loss.GAVE_UP,
    Cause.PAGE_TIMED_OUT: Loss.GAVE_UP,
}


def loss_of(*, state: str, refused_because: str, response_code: str, action_code: int) -> Loss:
    """What stopped an attempt that is not paid. The issuer's word counts before the gateway's.

    `action_code` 0: none is known. Without any word, an attempt that had a page is one that was given up.
    """
    said = BY_RESPONSE_CODE.get(response_code) or BY_ACTION_CODE.get(action_code)
    if said is not None:
        return said
    if state == State.FAILED:
        return Loss.NOT_OPENED
    if refused_because in BY_CAUSE:
        return BY_CAUSE[Cause(refused_because)]
    return Loss.OTHER if refused_because else Loss.GAVE_UP
