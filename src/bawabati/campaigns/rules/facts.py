"""What a communication officer says of a campaign, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.companies.rules import LooksLikeACardNumber, SettingWrong, looks_like_a_card_number

LONGEST_NAME: Final = 80
LONGEST_NOTE: Final = 500


class Medium(StrEnum):
    """Where people met the campaign."""

    PRESS = "press"
    RADIO = "radio"
    SOCIAL_NETWORK = "social_network"
    AGENCY_POSTER = "agency_poster"
    SMS = "sms"


class CampaignNameMissing(SettingWrong):
    """Campaigns are told apart by their names."""

    code: ClassVar[str] = "campaign_name_missing"
    sentence: ClassVar[str] = "Give the campaign a name."


class CampaignTextTooLong(SettingWrong):
    """More than a row takes."""

    code: ClassVar[str] = "campaign_text_too_long"
    sentence: ClassVar[str] = "At most %(most)s characters."


class CampaignNameTaken(SettingWrong):
    """Another campaign of the company is called so."""

    code: ClassVar[str] = "campaign_name_taken"
    sentence: ClassVar[str] = "Another campaign has this name already."


class CampaignEndsFirst(SettingWrong):
    """It would never count."""

    code: ClassVar[str] = "campaign_ends_first"
    sentence: ClassVar[str] = "The last day is before the first."


class NoMedium(SettingWrong):
    """There would be no code."""

    code: ClassVar[str] = "campaign_no_medium"
    sentence: ClassVar[str] = "Choose at least one medium, or an agency for its posters."


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """A campaign as it is described; `ends_on` None: until it is ended."""

    name: str
    begins_on: date
    ends_on: date | None
    note: str

    def check(self) -> None:
        """Raises CampaignNameMissing, CampaignTextTooLong, CampaignEndsFirst, LooksLikeACardNumber."""
        if not self.name:
            raise CampaignNameMissing("name")
        for column, text, most in (("name", self.name, LONGEST_NAME), ("note", self.note, LONGEST_NOTE)):
            if len(text) > most:
                raise CampaignTextTooLong(column, most=most)
            if looks_like_a_card_number(text):
                raise LooksLikeACardNumber
        if self.ends_on is not None and self.ends_on < self.begins_on:
            raise CampaignEndsFirst("ends_on")


@dataclass(frozen=True, slots=True)
class MediumAt:
    """A medium, in one agency or of the whole company. A poster always hangs in an agency."""

    medium: Medium
    agency_id: int | None = None


def check_media(media: Sequence[MediumAt]) -> None:
    """Raises NoMedium."""
    if not media:
        raise NoMedium("media")
