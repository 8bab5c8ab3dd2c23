"""When a bill's payer is reminded: before it is due, when it is due, before the water is cut off."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.errors import CannotDo
from bawabati.workdays import ALGIERS

FRIDAY: Final = 4
A_DAY: Final = timedelta(days=1)
LONGEST_BEFORE: Final = 60
LONGEST_UNTIL_CUT_OFF: Final = 365
MOST_A_MINUTE: Final = 3000
LONGEST_REST: Final = 60
"""Days in which no calendar says that one may write; after them we stop looking."""


class Stage(StrEnum):
    """In order: a later one is more urgent."""

    BEFORE_DUE = "before_due"
    AT_DUE = "at_due"
    BEFORE_CUT_OFF = "before_cut_off"


STAGES: Final = tuple(Stage)


class DaysWrong(CannotDo):
    """A number of days, hours or messages that makes no sense; `most` is what is allowed."""

    code: ClassVar[str] = "reminder_days_wrong"
    sentence: ClassVar[str] = (
        "Some of these numbers do not go together. The reminder before the cut-off comes after the due day, and the "
        "hour from which messages leave is before the hour until which they do."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a company sets. Days of 0: that reminder is not sent.

    The water is cut off `cut_off_after_days` after the due day at the earliest; messages leave from the hour
    `from_hour` until the hour `until_hour`, on Algerian clocks.
    """

    before_due_days: int = 5
    at_due: bool = True
    before_cut_off_days: int = 5
    cut_off_after_days: int = 30
    from_hour: int = 9
    until_hour: int = 18

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Those that are sent."""
        sent = {
            Stage.BEFORE_DUE: bool(self.before_due_days),
            Stage.AT_DUE: self.at_due,
            Stage.BEFORE_CUT_OFF: bool(self.before_cut_off_days),
        }
        return tuple(stage for stage in STAGES if sent[stage])

    def cut_off_on(self, due_on: date) -> date:
        """The first day on which the water may be cut off."""
        return due_on + timedelta(days=self.cut_off_after_days)


def check_timing(timing: Timing) -> None:
    """Whether these numbers can be meant. Raises DaysWrong."""
    good = (
        0 <= timing.before_due_days <= LONGEST_BEFORE
        and 0 <= timing.before_cut_off_days <= LONGEST_BEFORE
        and 1 <= timing.cut_off_after_days <= LONGEST_UNTIL_CUT_OFF
        and timing.before_cut_off_days < timing.cut_off_after_days
        and 0 <= timing.from_hour < timing.until_hour <= 24  # noqa: PLR2004 - hours of a day
    )
    if not good:
        raise DaysWrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The days on which a bill that one stage speaks of may be due, both included."""

    stage: Stage
    first_due_on: date
    last_due_on: date


def nominal_day(stage: Stage, timing: Timing, due_on: date) -> date:
    """The day that the company's numbers name, whatever the calendar says of it."""
    match stage:
        case Stage.BEFORE_DUE:
            return due_on - timedelta(days=timing.before_due_days)
        case Stage.AT_DUE:
            return due_on
        case Stage.BEFORE_CUT_OFF:
            return timing.cut_off_on(due_on) - timedelta(days=timing.before_cut_off_days)


def last_useful_day(stage: Stage, timing: Timing, due_on: date) -> date:
    """After it, that reminder would come too late to be of use."""
    match stage:
        case Stage.BEFORE_DUE:
            return due_on - A_DAY
        case Stage.AT_DUE:
            return due_on
        case Stage.BEFORE_CUT_OFF:
            return timing.cut_off_on(due_on) - A_DAY


def reach(stage: Stage, timing: Timing, *, today: date, next_day: date) -> Reach:
    """Which bills that stage speaks of today, when `next_day` is the next day on which messages leave.

    A day of rest moves a reminder forward, never back: one that comes after its day is of no use. What was missed,
    because the bill came late or reminders were switched off, is caught up with as long as it is of use.
    Rule: reminder-days (ours; algeria.md 1.4)
    """
    day = date(2000, 1, 1)
    to_nominal = nominal_day(stage, timing, day) - day
    to_last = last_useful_day(stage, timing, day) - day
    return Reach(stage=stage, first_due_on=today - to_last, last_due_on=next_day - A_DAY - to_nominal)


def is_sending_day(day: date, *, holidays: Container[date]) -> bool:
    """Whether one may write to people: not on Fridays, nor on holidays. Rule: quiet-hours (algeria.md 5)"""
    return day.weekday() != FRIDAY and day not in holidays


def next_sending_day(day: date, *, holidays: Container[date]) -> date:
    """The first day after it on which messages leave."""
    for away in range(1, LONGEST_REST):
        if is_sending_day(day + timedelta(days=away), holidays=holidays):
            return day + timedelta(days=away)
    return day + timedelta(days=LONGEST_REST)


def may_leave_at(timing: Timing, *, holidays: Container[date], now: datetime) -> bool:
    """Whether a reminder may leave at this moment. Rule: quiet-hours (algeria.md 5)"""
    here = now.astimezone(ALGIERS)
    return is_sending_day(here.date(), holidays=holidays) and timing.from_hour <= here.hour < timing.until_hour


def leaves_next_at(timing: Timing, *, holidays: Container[date], now: datetime) -> datetime:
    """The first moment, from now on, at which one may."""
    if may_leave_at(timing, holidays=holidays, now=now):
        return now
    here = now.astimezone(ALGIERS)
    today = here.date()
    day = today
    if not (is_sending_day(today, holidays=holidays) and here.hour < timing.from_hour):
        day = next_sending_day(today, holidays=holidays)
    return datetime.combine(day, time(timing.from_hour), tzinfo=ALGIERS)
