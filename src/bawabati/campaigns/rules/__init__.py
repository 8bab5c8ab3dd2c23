"""What a campaign is, and what is counted of those who come by it."""

from datetime import date
from enum import StrEnum

from bawabati.campaigns.rules.codes import DIGITS, LETTERS, LONGEST_CODE, draw_code, read_code

__all__ = ["DIGITS", "LETTERS", "LONGEST_CODE", "Medium", "Step", "brings_on", "draw_code", "read_code"]


class Medium(StrEnum):
    """Where people met the campaign."""

    PRESS = "press"
    RADIO = "radio"
    SOCIAL_NETWORK = "social_network"
    AGENCY_POSTER = "agency_poster"
    SMS = "sms"


class Step(StrEnum):
    """A step of a payer that is counted, in the order of the road. Whether it was paid, the payments say."""

    VISIT = "visit"
    """Somebody came from elsewhere to a page of the company."""
    LOOK_UP = "look_up"
    """A number was looked for."""
    FOUND = "found"
    """It led to a bill."""
    REVIEW = "review"
    """The last page before the bank's was shown."""
    LEFT_FOR_BANK = "left_for_bank"
    """The payment was started."""


def brings_on(day: date, *, begins_on: date, ends_on: date | None, is_ended: bool) -> bool:
    """Whether what comes by the campaign's codes on `day` is counted as brought by it.

    Rule: campaign-days (ours: on its days, first and last included, until somebody ends it)
    """
    return not is_ended and begins_on <= day and (ends_on is None or day <= ends_on)
