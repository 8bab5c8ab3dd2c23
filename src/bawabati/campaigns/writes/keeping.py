"""A campaign and its codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.rules import CampaignFacts, MediumAt, draw_code


def add_campaign(*, company_id: int, facts: CampaignFacts, made_by_id: int | None, now: datetime) -> Campaign:
    """A new one, without codes yet. Raises IntegrityError when its name is taken."""
    return Campaign.objects.create(
        company_id=company_id,
        name=facts.name,
        note=facts.note,
        begins_on=facts.begins_on,
        ends_on=facts.ends_on,
        made_at=now,
        made_by_id=made_by_id,
    )


def lock_campaign(*, company_id: int, campaign_id: int) -> Campaign | None:
    """The campaign, to be changed by this transaction alone."""
    return Campaign.objects.select_for_update().filter(company_id=company_id, id=campaign_id).first()


def describe_campaign(campaign: Campaign, *, facts: CampaignFacts) -> list[str]:
    """The locked campaign as it is described; the columns that this changed. Safe to repeat."""
    wanted = {"name": facts.name, "note": facts.note, "begins_on": facts.begins_on, "ends_on": facts.ends_on}
    changed = [column for column, value in wanted.items() if getattr(campaign, column) != value]
    for column in changed:
        setattr(campaign, column, wanted[column])
    if changed:
        campaign.save(update_fields=changed)
    return changed


def set_ended(campaign: Campaign, *, ended_at: datetime | None) -> bool:
    """Ends the locked campaign, or opens it again with None; whether that changed anything. Safe to repeat."""
    if (campaign.ended_at is None) == (ended_at is None):
        return False
    campaign.ended_at = ended_at
    campaign.save(update_fields=["ended_at"])
    return True


def add_codes(campaign: Campaign, *, media: Sequence[MediumAt], now: datetime) -> list[CampaignCode]:
    """A code for each of `media` that has none yet, drawn until it is free in the whole installation.

    The campaign is locked. Safe to repeat: what has a code keeps it.
    """
    has = set(CampaignCode.objects.filter(campaign=campaign).values_list("medium", "agency_id"))
    wanted = [each for each in dict.fromkeys(media) if (each.medium.value, each.agency_id) not in has]
    return [_with_a_free_code(campaign, each, now) for each in wanted]


def _with_a_free_code(campaign: Campaign, wanted: MediumAt, now: datetime) -> CampaignCode:
    for attempt in count():
        code = draw_code(attempt)
        # One that another company has is not to be seen here; the database leaves it out.
        CampaignCode.objects.bulk_create(
            [
                CampaignCode(
                    company_id=campaign.company_id,
                    campaign=campaign,
                    medium=wanted.medium,
                    agency_id=wanted.agency_id,
                    code=code,
                    made_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        ours = CampaignCode.objects.filter(campaign=campaign, medium=wanted.medium, code=code).first()
        if ours is not None:
            return ours
    raise AssertionError  # `count` has no end


def set_cost(campaign: Campaign, *, code_id: int, cost_centimes: int | None) -> str:
    """What the medium of one of its codes has cost; the code, or nothing when that changed nothing. Safe to repeat."""
    row = CampaignCode.objects.filter(campaign=campaign, id=code_id).first()
    if row is None or row.cost_centimes == cost_centimes:
        return ""
    row.cost_centimes = cost_centimes
    row.save(update_fields=["cost_centimes"])
    return row.code
