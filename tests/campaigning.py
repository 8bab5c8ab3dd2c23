"""Campaigns for tests."""

from datetime import date, datetime, timedelta
from hashlib import sha256

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


def drawn_for(company_code: str) -> str:
    """A code that only that company has."""
    letters, digits = "AFHKLMRTXY", "23456789"
    number = int(sha256(company_code.encode()).hexdigest(), 16)
    return (
        letters[number % 10]
        + letters[number // 10 % 10]
        + "".join(digits[number // 100 // 8**at % 8] for at in range(3))
    )
