"""A campaign of the demonstration's past: an article, the radio, a social network, a poster in each agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Final

from bawabati.campaigns.models import CampaignCode
from bawabati.campaigns.reads import list_codes
from bawabati.campaigns.rules import CampaignFacts, Medium, MediumAt
from bawabati.companies.models import Company
from bawabati.companies.reads import list_agencies
from bawabati.flows.keep_campaign import add_campaign, keep_cost
from bawabati.money.amount import Money
from bawabati.people.models import Staff

NAME: Final = "انطلاق الدفع بالبطاقة"
NOTE: Final = "مقال في الجريدة، ومضات إذاعية، وملصقات في الوكالات"
COSTS: Final = {
    Medium.PRESS: Money.dinars(180_000),
    Medium.RADIO: Money.dinars(240_000),
    Medium.SOCIAL_NETWORK: Money.dinars(60_000),
}
BY_NO_CODE: Final = 0.45
"""This part of the payers came by themselves."""
WEIGHTS: Final = {Medium.PRESS: 3, Medium.RADIO: 6, Medium.SOCIAL_NETWORK: 9, Medium.AGENCY_POSTER: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brings:
    """By which code a payer of the past came."""

    codes: list[CampaignCode]
    begins_on: date
    press_day: date

    def code(self, day: date, random: Random) -> str:
        """One of them, or none. On the day of the article it is mostly the article's."""
        if random.random() < BY_NO_CODE:
            return ""
        boost = 8 if day == self.press_day else 1
        weights = [
            WEIGHTS[Medium(row.medium)]
            * (boost if row.medium == Medium.PRESS else 1)
            / (1 + at * (row.agency is not None))
            for at, row in enumerate(self.codes)
        ]
        return random.choices(self.codes, weights=weights)[0].code


def begin_campaign(*, company: Company, officer: Staff, begins_on: date, press_day: date, now: datetime) -> Brings:
    """Made by the communication officer, with what it cost."""
    posters = [MediumAt(Medium.AGENCY_POSTER, agency.id) for agency in list_agencies(company.id) if agency.is_open]
    campaign = add_campaign(
        company_id=company.id,
        facts=CampaignFacts(name=NAME, begins_on=begins_on, ends_on=None, note=NOTE),
        media=[*map(MediumAt, COSTS), *posters],
        staff=officer,
        now=now,
    )
    codes = list_codes(company_id=company.id, campaign_id=campaign.id)
    for row in codes:
        if cost := COSTS.get(Medium(row.medium)):
            keep_cost(company_id=company.id, campaign_id=campaign.id, code_id=row.id, cost=cost, staff=officer, now=now)
    return Brings(codes=codes, begins_on=begins_on, press_day=press_day)
