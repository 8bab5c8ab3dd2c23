"""Questions about campaigns, their codes, and how many came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from bawabati.campaigns.models import Campaign, CampaignCode, StepCount
from bawabati.campaigns.rules import Medium, Step, brings_on
from bawabati.scope import every_company


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsOfDay:
    """How often a step was taken on a day, by one code (empty: by none that counts)."""

    day: date
    code: str
    step: Step
    count: int


def find_code(code: str) -> CampaignCode | None:
    """The code with its campaign and its company, whichever's it is. `code` as `read_code` gives it."""
    with every_company("a campaign's short address names its code, and not yet whose it is"):
        return CampaignCode.objects.select_related("campaign", "company").filter(code=code).first()


def code_that_counts(*, company_id: int, code: str, on: date) -> str:
    """The code again when it is the company's and brings on that day; otherwise empty. Never raises."""
    if not code:
        return ""
    of_medium = CampaignCode.objects.select_related("campaign").filter(company_id=company_id, code=code).first()
    if of_medium is None or not brings(of_medium, on=on):
        return ""
    return of_medium.code


def brings(of_medium: CampaignCode, *, on: date) -> bool:
    """Whether who comes by the code on that day counts as brought by it."""
    campaign = of_medium.campaign
    return brings_on(on, begins_on=campaign.begins_on, ends_on=campaign.ends_on, is_ended=campaign.ended_at is not None)


def sum_steps(*, company_id: int, first: date, last: date, code: str | None = None) -> dict[Step, int]:
    """How often each step was taken from the first day to the last, both included; all steps are there.

    `code` None: by whatever code and none; empty: by none that counts.
    """
    rows = StepCount.objects.filter(company_id=company_id, counted_on__range=(first, last))
    if code is not None:
        rows = rows.filter(code=code)
    found = dict(rows.values_list("step").annotate(total=Sum("count")))
    return {step: found.get(step.value, 0) for step in Step}


def list_steps_by_day(
    *, company_id: int, first: date, last: date, codes: Sequence[str] | None = None
) -> list[StepsOfDay]:
    """The same by day and code, in the order of day, code and step; what never happened is not there."""
    rows = StepCount.objects.filter(company_id=company_id, counted_on__range=(first, last))
    if codes is not None:
        rows = rows.filter(code__in=codes)
    sums = rows.values_list("counted_on", "code", "step").annotate(total=Sum("count"))
    return [
        StepsOfDay(day=day, code=code, step=Step(step), count=total)
        for day, code, step, total in sums.order_by("counted_on", "code", "step")
    ]


def list_campaigns(company_id: int) -> list[Campaign]:
    """The company's campaigns, the latest first."""
    return list(Campaign.objects.filter(company_id=company_id).order_by("-begins_on", "-id"))


def find_campaign(*, company_id: int, campaign_id: int) -> Campaign | None:
    """The company's campaign of that number."""
    return Campaign.objects.filter(company_id=company_id, id=campaign_id).first()


def list_codes(*, company_id: int, campaign_id: int) -> list[CampaignCode]:
    """Its codes with their agencies: those of the whole company first, each medium together."""
    rows = CampaignCode.objects.select_related("agency").filter(company_id=company_id, campaign_id=campaign_id)
    media = list(Medium)
    return sorted(
        rows,
        key=lambda row: (
            row.agency is not None,
            media.index(Medium(row.medium)),
            row.agency.code if row.agency else "",
        ),
    )


def count_codes(company_id: int) -> dict[int, int]:
    """How many codes each campaign of the company has; one without any is not there."""
    rows = CampaignCode.objects.filter(company_id=company_id).values_list("campaign_id").annotate(count=Count("id"))
    return dict(rows)


def find_code_row(*, company_id: int, code_id: int) -> CampaignCode | None:
    """The company's code of that number, with its campaign, company and agency."""
    rows = CampaignCode.objects.select_related("campaign", "company", "agency")
    return rows.filter(company_id=company_id, id=code_id).first()
