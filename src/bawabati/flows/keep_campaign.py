"""A campaign of the company: made with a code for each medium and agency, described anew, ended, opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.db import IntegrityError

from bawabati.audit.writes import record_act
from bawabati.campaigns import writes
from bawabati.campaigns.models import Campaign
from bawabati.campaigns.rules import CampaignFacts, CampaignNameTaken, Medium, MediumAt, NoMedium, check_media
from bawabati.companies.reads import list_agencies
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class NoSuchCampaign(CannotDo):
    """The company has none of that number."""

    code: ClassVar[str] = "no_such_campaign"
    sentence: ClassVar[str] = "There is no such campaign."


def add_campaign(
    *, company_id: int, facts: CampaignFacts, media: Sequence[MediumAt], staff: Staff, now: datetime
) -> Campaign:
    """The campaign with a code for each of `media`. A second time its name is taken.

    Raises:
        NotAllowed, NoMedium, CampaignNameTaken.
        CannotDo: one of `CampaignFacts.check`'s.
    """
    facts.check()
    check_media(media)
    try:
        with written_together("keep_campaign: made"):
            get_staff_allowed(login=staff.login, action=Action.KEEP_CAMPAIGNS, company_id=company_id)
            _check_places(company_id, media)
            campaign = writes.add_campaign(company_id=company_id, facts=facts, made_by_id=staff.id, now=now)
            codes = writes.add_codes(campaign, media=media, now=now)
            _note(campaign, "add_campaign", {"codes": [row.code for row in codes]}, staff, now)
    except IntegrityError as error:
        raise _name_taken(error) from None
    return campaign


def describe_campaign(*, company_id: int, campaign_id: int, facts: CampaignFacts, staff: Staff, now: datetime) -> None:
    """Its name, days and note as they are now. Safe to repeat.

    Raises:
        NotAllowed, NoSuchCampaign, CampaignNameTaken.
        CannotDo: one of `CampaignFacts.check`'s.
    """
    facts.check()
    try:
        with written_together("keep_campaign: described"):
            campaign = _locked(company_id, campaign_id, staff)
            if changed := writes.describe_campaign(campaign, facts=facts):
                _note(campaign, "change_campaign", {"changed": changed}, staff, now)
    except IntegrityError as error:
        raise _name_taken(error) from None


def add_media(*, company_id: int, campaign_id: int, media: Sequence[MediumAt], staff: Staff, now: datetime) -> None:
    """Codes for media that it did not have; what has a code keeps it. Codes never go. Safe to repeat.

    Raises:
        NotAllowed, NoSuchCampaign, NoMedium.
    """
    check_media(media)
    with written_together("keep_campaign: media added"):
        campaign = _locked(company_id, campaign_id, staff)
        _check_places(company_id, media)
        if codes := writes.add_codes(campaign, media=media, now=now):
            _note(campaign, "add_media", {"codes": [row.code for row in codes]}, staff, now)


def keep_cost(
    *, company_id: int, campaign_id: int, code_id: int, cost: Money | None, staff: Staff, now: datetime
) -> None:
    """What the medium of a code has cost; None: not known. Safe to repeat.

    Raises:
        NotAllowed, NoSuchCampaign.
    """
    with written_together("keep_campaign: cost kept"):
        campaign = _locked(company_id, campaign_id, staff)
        code = writes.set_cost(campaign, code_id=code_id, cost_centimes=None if cost is None else cost.centimes)
        if code:
            _note(campaign, "keep_campaign_cost", {"code": code}, staff, now)


def end_campaign(*, company_id: int, campaign_id: int, is_over: bool, staff: Staff, now: datetime) -> None:
    """Ends it, or opens it again. Its addresses lead to the company all the same. Safe to repeat.

    Raises:
        NotAllowed, NoSuchCampaign.
    """
    with written_together("keep_campaign: ended or opened again"):
        campaign = _locked(company_id, campaign_id, staff)
        if writes.set_ended(campaign, ended_at=now if is_over else None):
            _note(campaign, "end_campaign" if is_over else "reopen_campaign", {}, staff, now)


def _locked(company_id: int, campaign_id: int, staff: Staff) -> Campaign:
    get_staff_allowed(login=staff.login, action=Action.KEEP_CAMPAIGNS, company_id=company_id)
    campaign = writes.lock_campaign(company_id=company_id, campaign_id=campaign_id)
    if campaign is None:
        raise NoSuchCampaign
    return campaign


def _check_places(company_id: int, media: Sequence[MediumAt]) -> None:
    """An agency that is not the company's is none, and a poster hangs in one."""
    agencies = {agency.id for agency in list_agencies(company_id)}
    for each in media:
        if each.agency_id is None and each.medium is Medium.AGENCY_POSTER:
            raise NoMedium("media")
        if each.agency_id is not None and each.agency_id not in agencies:
            raise NoMedium("media")


def _name_taken(error: IntegrityError) -> Exception:
    """Two campaigns of a company have two names; anything else is our bug."""
    return CampaignNameTaken("name") if "campaign_name_once" in str(error) else error


def _note(campaign: Campaign, action: str, details: Mapping[str, object], staff: Staff, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=campaign.company_id,
        action=action,
        target=f"campaign:{campaign.id}",
        details=details,
        now=now,
    )
