"""Why a payment did not go through, in our own sentences: what happened, and what to do.

The gateway's own texts are often missing or in English, so these come first. The issuer's code decides, then the
gateway's; a text never does. Rule: refusal-reasons (satim.md 6.7, 6.8)
"""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Reason:
    """English sentences for the catalogues."""

    what: str
    advice: str
    less_may_pass: bool = False
    """A smaller amount might be accepted."""


_ANOTHER_CARD: Final = _("Use another card, or call the bank that issued this one.")

_FUNDS: Final = Reason(
    _("There is not enough money in the card's account."),
    _("Top the account up and try again, or use another card."),
    less_may_pass=True,
)
_CEILING: Final = Reason(
    _("The card's payment limit has been reached."), _("Call your bank, or use another card."), less_may_pass=True
)
_CVV2: Final = Reason(
    _("The CVV2 code is not right."), _("It is the three digits on the back of the card. Check them and try again.")
)
_EXPIRY: Final = Reason(
    _("The expiry date is not right."), _("Copy the month and the year from the card and try again.")
)
_EXPIRED: Final = Reason(_("The card has expired."), _("Use another card, or ask your bank for a new one."))
_BLOCKED: Final = Reason(_("The card is blocked for the moment."), _ANOTHER_CARD)
_LOST: Final = Reason(_("The card was reported lost or stolen."), _ANOTHER_CARD)
_UNKNOWN_CARD: Final = Reason(_("The bank does not know this card."), _("Check the card number and try again."))
_NOT_ONLINE: Final = Reason(
    _("This card cannot pay online: online payment is not active on it, or was blocked after wrong codes."),
    _("Ask your bank to activate it, or use another card."),
)
_AUTHENTICATION: Final = Reason(
    _("The payment was not confirmed with the code sent to your phone."),
    _("Try again, and type the code that you receive by SMS."),
)
_CANCELLED: Final = Reason(_("You cancelled the payment."), _("Nothing more to do, unless you want to try again."))
_TIME_OUT: Final = Reason(_("Time ran out on the bank's page."), _("Try again, with your card and your phone at hand."))
_NOT_TRIED: Final = Reason(_("You left the bank's page before paying."), _("You can start again whenever you like."))
_ACCEPTANCE: Final = Reason(_("The bank did not accept this payment."), _ANOTHER_CARD)
_REJECTED: Final = Reason(_("Your transaction was rejected."), _("Try again later, or use another card."))

BY_RESPONSE_CODE: Final = {
    "05": _ACCEPTANCE,
    "33": _EXPIRED,
    "37": _BLOCKED,
    "41": _LOST,
    "43": _LOST,
    "51": _FUNDS,
    "61": _CEILING,
    "62": _UNKNOWN_CARD,
    "AB": _CVV2,
    "AD": _EXPIRY,
    "AE": _NOT_ONLINE,
}
BY_ACTION_CODE: Final = {
    10: _CANCELLED,
    101: _EXPIRED,
    116: _FUNDS,
    121: _CEILING,
    125: _UNKNOWN_CARD,
    126: _LOST,
    127: _LOST,
    140: _CVV2,
    203: _BLOCKED,
    208: _LOST,
    209: _LOST,
    2003: _NOT_ONLINE,
    100254: _NOT_ONLINE,
    100882: _EXPIRY,
    342034: _CANCELLED,
    -100: _NOT_TRIED,
    -2006: _AUTHENTICATION,
    -2007: _TIME_OUT,
    -2013: _AUTHENTICATION,
    -20010: _CEILING,
}
"""Codes that two wire generations use for different things (111, 119) are left to the issuer's code."""


def reason_of(*, response_code: str, action_code: int | None) -> Reason:
    """The sentences; those of a plain rejection for a code that nobody has described."""
    by_issuer = BY_RESPONSE_CODE.get(response_code)
    if by_issuer is not None:
        return by_issuer
    return BY_ACTION_CODE.get(action_code, _REJECTED) if action_code is not None else _REJECTED
