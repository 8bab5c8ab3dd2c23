"""How media, standings and steps are called on the office's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.rules import Medium
from bawabati.companies.models import Agency

MEDIA: Final[Mapping[Medium, str]] = {
    Medium.PRESS: _("Press"),
    Medium.RADIO: _("Radio"),
    Medium.SOCIAL_NETWORK: _("Social network"),
    Medium.AGENCY_POSTER: _("Poster in an agency"),
    Medium.SMS: _("SMS wave"),
}


def medium_word(row: CampaignCode) -> str:
    """The medium in the language of the page."""
    return gettext(MEDIA[Medium(row.medium)])


def agency_name(agency: Agency | None) -> str:
    """The agency in the language of the page; empty for none."""
    if agency is None:
        return ""
    return agency.name_ar if get_language() == "ar" else agency.name_fr


def standing_of(campaign: Campaign, *, today: date) -> tuple[str, str]:
    """A key for its looks, and a word: whether it counts today."""
    if campaign.ended_at is not None:
        return "over", gettext("ended")
    if today < campaign.begins_on:
        return "planned", gettext("not begun")
    if campaign.ends_on is not None and today > campaign.ends_on:
        return "over", gettext("its days are over")
    return "counting", gettext("is counted")
