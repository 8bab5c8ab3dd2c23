"""Small stories about campaigns; see `scenarios.py`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from bawabati.audit.models import AuditEntry
from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.reads import sum_steps
from bawabati.campaigns.rules import CampaignFacts, CampaignNameTaken, Medium, MediumAt, Step
from bawabati.flows.count_steps import count_steps
from bawabati.flows.keep_campaign import add_campaign, add_media, describe_campaign, end_campaign, keep_cost
from bawabati.money.amount import Money
from bawabati.people.rules import Role
from faults.real.scenarios import TRIES, insist, passes
from faults.real.scenarios_of_staff import person
from faults.real.world import World
from people import NOON


@passes("count_steps: counted")
def a_step_is_counted(world: World) -> None:
    """A payer who loads the page again counts again: steps are counted, not people."""
    world.found_company()
    look = partial(count_steps, company_id=world.company.id, steps=[Step.VISIT], code="", now=NOON)
    insist(world, "a payer", "opens the page", lambda: look() or True)
    sums = sum_steps(company_id=world.company.id, first=NOON.date(), last=NOON.date())
    assert 1 <= sums[Step.VISIT] <= TRIES


@passes(
    "keep_campaign: made",
    "keep_campaign: described",
    "keep_campaign: media added",
    "keep_campaign: cost kept",
    "keep_campaign: ended or opened again",
)
def a_campaign_is_made_and_kept(world: World) -> None:
    """Whoever repeats each step finds it done once; a campaign that is there already says that its name is taken."""
    world.found_company()
    company_id = world.company.id
    meriem = person("meriem@oran.example", Role.COMMUNICATION)
    facts = CampaignFacts(name="Launch", begins_on=NOON.date(), ends_on=None, note="")
    kept: dict[str, Any] = {"company_id": company_id, "staff": meriem, "now": NOON}

    def make() -> bool:
        with suppress(CampaignNameTaken):
            add_campaign(**kept, facts=facts, media=[MediumAt(Medium.RADIO)])
        return True

    insist(world, "Meriem", "makes a campaign", make)
    campaign = Campaign.objects.get(company_id=company_id)
    kept["campaign_id"] = campaign.id
    described = replace(facts, note="for the radio")
    insist(world, "Meriem", "describes it", lambda: describe_campaign(**kept, facts=described) or True)
    more = [MediumAt(Medium.RADIO), MediumAt(Medium.PRESS)]
    insist(world, "Meriem", "adds a medium", lambda: add_media(**kept, media=more) or True)
    codes = list(CampaignCode.objects.filter(campaign=campaign))
    assert {code.medium for code in codes} == {"radio", "press"}
    assert len(codes) == len(more)
    cost = Money.dinars(5_000)
    insist(world, "Meriem", "keeps a cost", lambda: keep_cost(**kept, code_id=codes[0].id, cost=cost) or True)
    insist(world, "Meriem", "ends it", lambda: end_campaign(**kept, is_over=True) or True)
    campaign.refresh_from_db()
    assert campaign.ended_at is not None
    told = AuditEntry.objects.filter(target=f"campaign:{campaign.id}").order_by("id").values_list("action", flat=True)
    assert list(told) == ["add_campaign", "change_campaign", "add_media", "keep_campaign_cost", "end_campaign"]
