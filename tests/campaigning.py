"""Campaigns for tests."""

from datetime import date, datetime, timedelta

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.rules import Medium
from bawabati.companies.models import Agency, Company
from people import NOON


def add_code(
    company: Company,
    code: str = "RM473",
    *,
    name: str = "Launch",
    medium: Medium = Medium.RADIO,
    agency: Agency | None = None,
    begins_on: date | None = None,
    ends_on: date | None = None,
    ended_at: datetime | None = None,
    cost_centimes: int | None = None,
) -> CampaignCode:
    """A code of the campaign of that name, which counts from long ago unless the days say otherwise."""
    campaign, _ = Campaign.objects.get_or_create(
        company=company,
        name=name,
        defaults={
            "begins_on": begins_on or (NOON - timedelta(days=400)).date(),
            "ends_on": ends_on,
            "made_at": NOON,
            "ended_at": ended_at,
        },
    )
    return CampaignCode.objects.create(
        company=company,
        campaign=campaign,
        medium=medium,
        agency=agency,
        code=code,
        cost_centimes=cost_centimes,
        made_at=NOON,
    )
