"""Whose turn has come today: written down in sets, before anything leaves."""

from __future__ import annotations

from datetime import datetime

from bawabati.companies.reads import holidays_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.reminders.models import ReminderPlan, ReminderRun
from bawabati.reminders.reads import has_run, timing_of
from bawabati.reminders.rules import Reach, may_leave_at, next_sending_day, reach
from bawabati.reminders.writes import write_run
from bawabati.workdays import accounting_day


def plan_reminders(plan: ReminderPlan, *, now: datetime) -> ReminderRun | None:
    """The reminders of this day, once messages may leave on it; None when there is nothing to do now.

    Safe to repeat and to race: one run for each day, one reminder for each bill and stage, for ever.
    Rule: reminded-once (ours)
    """
    timing, day = timing_of(plan), accounting_day(now)
    holidays = holidays_of(plan.company_id)
    if not plan.is_on or not may_leave_at(timing, holidays=holidays, now=now):
        return None
    if has_run(company_id=plan.company_id, day=day):
        return None
    with written_together("plan_reminders: planned"):
        return write_run(plan, day=day, reaches=reaches_of(plan, now=now), now=now)


def reaches_of(plan: ReminderPlan, *, now: datetime) -> list[Reach]:
    """Which bills each stage of the plan speaks of today."""
    day = accounting_day(now)
    next_day = next_sending_day(day, holidays=holidays_of(plan.company_id))
    timing = timing_of(plan)
    return [reach(stage, timing, today=day, next_day=next_day) for stage in timing.stages]
