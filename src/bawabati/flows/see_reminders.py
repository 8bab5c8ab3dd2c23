"""What a plan would send and cost, before anybody switches it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bawabati.companies.models import Company
from bawabati.flows.plan_reminders import reaches_of
from bawabati.links import reminder_address
from bawabati.money.amount import Money
from bawabati.notices.rules import Means
from bawabati.reminders.models import ReminderPlan
from bawabati.reminders.reads import Expected, expect, newest_texts, timing_of
from bawabati.reminders.rules import Reach, Said, Stage, code_of, fill, letter_of, parts_of, reach
from bawabati.workdays import accounting_day

A_MONTH = timedelta(days=30)
EXAMPLE_LEFT = Money(1_430_50)
EXAMPLE_NUMBER = 1_234_567
"""Of a message: as long as numbers will be for years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Messages of one stage, way and language, and the SMS parts that they are paid as."""

    expected: Expected
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What would leave: lines, and their sums."""

    lines: tuple[Cost, ...]
    messages: int
    parts: int
    price: Money


def forecast_next(plan: ReminderPlan, *, company: Company, now: datetime) -> Forecast:
    """The next run, as if it were planned now: the same question as the planning asks."""
    return _forecast(plan, reaches_of(plan, now=now), company, now)


def forecast_month(plan: ReminderPlan, *, company: Company, now: datetime) -> Forecast:
    """The coming thirty days, for bills that are here already; each stage counted by itself."""
    day, timing = accounting_day(now), timing_of(plan)
    found = [
        _forecast(plan, [reach(stage, timing, today=day, next_day=day + A_MONTH)], company, now)
        for stage in reversed(timing.stages)
    ]
    return Forecast(
        lines=tuple(line for each in found for line in each.lines),
        messages=sum(each.messages for each in found),
        parts=sum(each.parts for each in found),
        price=Money(sum(each.price.centimes for each in found)),
    )


def example(stage: Stage, language: str, *, plan: ReminderPlan, company: Company, now: datetime) -> Said:
    """A reminder with made-up values of the usual length: for looking at words, and for counting their parts."""
    day = accounting_day(now)
    link = reminder_address(EXAMPLE_NUMBER, host_name=company.host_name, campaign_code=plan.campaign_code)
    return Said(
        company=getattr(company, f"name_{language}"),
        phone=company.phone,
        language=language,
        stage=stage,
        left=EXAMPLE_LEFT,
        periods=(f"{day.year}-T{(day.month + 2) // 3}",),
        due_on=day,
        cut_off_on=timing_of(plan).cut_off_on(day),
        link=link,
        stop=link,
        code=code_of(EXAMPLE_NUMBER),
    )


def preview(body: str, said: Said) -> tuple[str, int, tuple[str, str]]:
    """The SMS, its parts, and the letter's subject and text."""
    return fill(body, said), parts_of(body, said), letter_of(body, said, means=Means.EMAIL)


def _forecast(plan: ReminderPlan, reaches: list[Reach], company: Company, now: datetime) -> Forecast:
    bodies = newest_texts(company.id)
    lines = []
    for expected in expect(plan, reaches):
        said = example(expected.stage, expected.language, plan=plan, company=company, now=now)
        each = parts_of(bodies[expected.stage, expected.language][1], said) if expected.means == Means.SMS else 0
        lines.append(Cost(expected=expected, parts=expected.messages * each))
    parts = sum(line.parts for line in lines)
    return Forecast(
        lines=tuple(lines),
        messages=sum(line.expected.messages for line in lines),
        parts=parts,
        price=Money(parts * plan.part_price_centimes),
    )
