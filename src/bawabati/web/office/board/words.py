"""What ways, cards, losses and ages of debt are called on the board. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.reports.rules import Measure, Pace

WAYS: Final[dict[str, str]] = {
    "web": _("Online"),
    "card": _("Card, in agencies"),
    "cash": _("Cash, in agencies"),
    "cheque": _("Cheques, in agencies"),
    "channel": _("Other channels"),
}
CARDS: Final[dict[str, str]] = {"cib": "CIB", "edahabia": _("Edahabia"), "": _("not stated")}
LOSSES: Final[dict[str, str]] = {
    "no_funds": _("refused: not enough money"),
    "over_ceiling": _("refused: above the card's ceiling"),
    "not_active_online": _("refused: card not activated for the internet"),
    "wrong_code": _("wrong code from the message"),
    "wrong_details": _("card details not right"),
    "card_not_usable": _("card expired, blocked or lost"),
    "gave_up": _("gave up on the bank's page"),
    "not_opened": _("the bank's page did not open"),
    "other": _("another cause"),
}
STEPS: Final[dict[str, str]] = {
    "visits": _("Pages opened"),
    "look_ups": _("Looked a bill up"),
    "found": _("Found it"),
    "reviews": _("Checked the details"),
    "left_for_bank": _("Went to the bank's page"),
    "paid": _("Paid"),
}
AGES: Final[dict[str, str]] = {
    "not_yet": _("not due yet"),
    "to_30": _("late by 30 days at most"),
    "to_90": _("late by 31 to 90 days"),
    "to_365": _("late by 91 to 365 days"),
    "over": _("late by more than a year"),
}
MEASURES: Final[dict[str, str]] = {
    Measure.PAYERS: _("Payers"),
    Measure.FIRST_PAYERS: _("First-time payers"),
    Measure.PAYMENTS: _("Payments"),
    Measure.AMOUNT: _("Amount collected"),
}
PACES: Final[dict[str, str]] = {
    Pace.TO_COME: _("not begun"),
    Pace.REACHED: _("reached"),
    Pace.ON_PACE: _("on its way"),
    Pace.BEHIND: _("behind"),
    Pace.MISSED: _("missed"),
}


def called(words: dict[str, str], key: str) -> str:
    """What the page calls it; the key itself where it has no word."""
    return gettext(words[key]) if words.get(key) else key
