"""Steps are counted once each, whoever counts at the same moment, by codes that count and by none."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from bawabati.campaigns.models import CampaignCode, StepCount
from bawabati.campaigns.reads import code_that_counts, find_code, list_steps_by_day, sum_steps
from bawabati.campaigns.rules import Medium, Step
from bawabati.companies.models import Company
from bawabati.flows.count_steps import count_steps
from campaigning import add_code
from people import NOON, add_company

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 11, 22)
BOTH = (Step.LOOK_UP, Step.FOUND)


def counted(company: Company, code: str | None = None) -> dict[Step, int]:
    sums = sum_steps(company_id=company.id, first=TODAY, last=TODAY, code=code)
    return {step: count for step, count in sums.items() if count}


def test_sixteen_at_once_are_sixteen(company: Company, together: Callable[..., list[Any]]) -> None:
    add_code(company)
    answers = together(
        *[lambda: count_steps(company_id=company.id, steps=BOTH, code="RM473", now=NOON) for _ in range(16)]
    )
    assert answers == [None] * 16
    assert counted(company, "RM473") == {Step.LOOK_UP: 16, Step.FOUND: 16}


def test_a_code_that_does_not_count_is_none(company: Company) -> None:
    add_code(company, "AF234", name="ended", ended_at=NOON)
    add_code(company, "AF235", name="over", ends_on=TODAY - timedelta(days=1))
    add_code(company, "AF236", name="not yet", begins_on=TODAY + timedelta(days=1))
    add_code(add_company("setif"), "AF237")
    add_code(company, "AF238", name="last day", ends_on=TODAY)
    for code in ("AF234", "AF235", "AF236", "AF237", "XX999", "", "AF238"):
        count_steps(company_id=company.id, steps=[Step.VISIT], code=code, now=NOON)
        kept = code_that_counts(company_id=company.id, code=code, on=TODAY)
        assert kept == (code if code == "AF238" else "")
    assert counted(company, "") == {Step.VISIT: 6}
    assert counted(company, "AF238") == {Step.VISIT: 1}


def test_a_step_belongs_to_its_day_and_hour_in_algiers(company: Company) -> None:
    late = NOON.replace(hour=23, minute=30)  # half past midnight in Algiers
    count_steps(company_id=company.id, steps=[Step.VISIT], code="", now=late)
    assert list(StepCount.objects.values_list("counted_on", "hour", "count")) == [(TODAY + timedelta(days=1), 0, 1)]


def test_days_and_codes_stand_apart(company: Company) -> None:
    add_code(company)
    for day in (NOON, NOON + timedelta(days=1)):
        for code in ("", "RM473", "RM473"):
            count_steps(company_id=company.id, steps=[Step.VISIT], code=code, now=day)
    told = list_steps_by_day(company_id=company.id, first=TODAY, last=TODAY + timedelta(days=1))
    tomorrow = TODAY + timedelta(days=1)
    assert [(each.day, each.code, each.count) for each in told] == [
        (TODAY, "", 1),
        (TODAY, "RM473", 2),
        (tomorrow, "", 1),
        (tomorrow, "RM473", 2),
    ]


def test_counting_never_waits_long_and_never_fails_the_payer(
    company: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    """Somebody holds the whole table: the step is left out, and the payer goes on."""
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("LOCK TABLE campaigns_stepcount IN ACCESS EXCLUSIVE MODE")
        count_steps(company_id=company.id, steps=[Step.VISIT], code="", now=NOON)
    assert counted(company) == {}


def test_a_code_is_there_once_in_the_whole_installation(company: Company) -> None:
    add_code(company)
    setif = add_company("setif")
    with pytest.raises(IntegrityError), transaction.atomic():
        add_code(setif)
    assert find_code("RM473") == CampaignCode.objects.get(company=company)


def test_a_medium_of_a_campaign_has_one_code(company: Company) -> None:
    add_code(company)
    with pytest.raises(IntegrityError, match="campaign_code_of_medium_once"), transaction.atomic():
        add_code(company, "RM474")
    with pytest.raises(IntegrityError, match="campaign_poster_has_agency"), transaction.atomic():
        add_code(company, "RM475", medium=Medium.AGENCY_POSTER)
