"""What a campaign is, and what is counted of those who come by it."""

from datetime import date
from enum import StrEnum

from bawabati.campaigns.rules.codes import DIGITS, LETTERS, LONGEST_CODE, draw_code, read_code
from bawabati.campaigns.rules.facts import (
    LONGEST_NAME,
    LONGEST_NOTE,
    CampaignEndsFirst,
    CampaignFacts,
    CampaignNameMissing,
    CampaignNameTaken,
    CampaignTextTooLong,
    Medium,
    MediumAt,
    NoMedium,
    check_media,
)
from bawabati.campaigns.rules.hiding import Table, hide_small
from bawabati.campaigns.rules.spans import Span, spans_of

__all__ = [
    "DIGITS",
    "LETTERS",
    "LONGEST_CODE",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "CampaignEndsFirst",
    "CampaignFacts",
    "CampaignNameMissing",
    "CampaignNameTaken",
    "CampaignTextTooLong",
    "Medium",
    "MediumAt",
    "NoMedium",
    "Span",
    "Step",
    "Table",
    "brings_on",
    "check_media",
    "draw_code",
    "hide_small",
    "read_code",
    "spans_of",
]


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
