"""When reminders are sent, and when nobody is written to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.reminders.rules import (
    STAGES,
    DaysWrong,
    Stage,
    Timing,
    check_timing,
    is_sending_day,
    last_useful_day,
    leaves_next_at,
    may_leave_at,
    next_sending_day,
    nominal_day,
    reach,
)
from bawabati.workdays import ALGIERS

DUE = date(2026, 12, 8)
FIRST = DUE - timedelta(days=120)
TIMINGS = st.builds(
    Timing,
    before_due_days=st.integers(1, 20),
    at_due=st.just(True),
    before_cut_off_days=st.integers(1, 9),
    cut_off_after_days=st.integers(10, 40),
)
HOLIDAYS = st.sets(st.integers(0, 200).map(lambda away: FIRST + timedelta(days=away)), max_size=40)
MOMENTS = st.integers(0, 200 * 24 * 60).map(
    lambda minutes: datetime(2026, 8, 10, tzinfo=ALGIERS) + timedelta(minutes=minutes)
)


def sent_on(timing: Timing, stage: Stage, holidays: set[date], *, since: date = FIRST) -> list[date]:
    """The days on which the bill is among those that the stage speaks of, one run each sending day."""
    days = [since + timedelta(days=away) for away in range(220)]
    found = []
    for day in days:
        if is_sending_day(day, holidays=holidays):
            asked = reach(stage, timing, today=day, next_day=next_sending_day(day, holidays=holidays))
            if asked.first_due_on <= DUE <= asked.last_due_on:
                found.append(day)
    return found


@given(TIMINGS, HOLIDAYS, st.sampled_from(STAGES))
def test_a_reminder_is_never_late_never_on_a_day_of_rest_and_never_earlier_than_the_calendar_makes_it(
    timing: Timing, holidays: set[date], stage: Stage
) -> None:
    days = sent_on(timing, stage, holidays)
    for day in days:
        assert is_sending_day(day, holidays=holidays)
        assert day <= last_useful_day(stage, timing, DUE)
    if days:
        nominal = nominal_day(stage, timing, DUE)
        between = [days[0] + timedelta(days=away) for away in range(1, (nominal - days[0]).days + 1)]
        assert not any(is_sending_day(day, holidays=holidays) for day in between), "its own day could have been used"


@given(TIMINGS, HOLIDAYS, st.sampled_from(STAGES))
def test_no_reminder_is_lost_to_days_of_rest(timing: Timing, holidays: set[date], stage: Stage) -> None:
    """However long a feast is: what falls into it is sent before."""
    assert sent_on(timing, stage, holidays)


@given(TIMINGS, st.sampled_from(STAGES), st.integers(0, 40))
def test_what_was_missed_is_caught_up_with_as_long_as_it_is_of_use(timing: Timing, stage: Stage, late: int) -> None:
    begins = nominal_day(stage, timing, DUE) + timedelta(days=late)
    useful = [
        day
        for away in range(60)
        if is_sending_day(day := begins + timedelta(days=away), holidays=())
        and day <= last_useful_day(stage, timing, DUE)
    ]
    assert sent_on(timing, stage, set(), since=begins)[:1] == useful[:1]


@given(TIMINGS, HOLIDAYS, MOMENTS)
def test_what_waits_leaves_at_the_first_moment_that_is_allowed(
    timing: Timing, holidays: set[date], now: datetime
) -> None:
    at = leaves_next_at(timing, holidays=holidays, now=now)
    assert at >= now
    assert may_leave_at(timing, holidays=holidays, now=at)
    hours = (now + timedelta(hours=away) for away in range(1, 24 * 70))
    for hour in hours:
        if hour >= at:
            break
        assert not may_leave_at(timing, holidays=holidays, now=hour)


@pytest.mark.parametrize(
    ("hour", "day", "may"),
    [
        (8, 22, False),
        (9, 22, True),
        (17, 22, True),
        (18, 22, False),
        (10, 20, False),  # a Friday
        (10, 21, True),  # a Saturday
        (10, 1, False),  # the first of November
    ],
)
def test_nobody_is_written_to_at_night_on_fridays_and_on_holidays(hour: int, day: int, may: bool) -> None:  # noqa: FBT001 - a column
    now = datetime(2026, 11, day, hour, 30, tzinfo=ALGIERS)
    assert may_leave_at(Timing(), holidays={date(2026, 11, 1)}, now=now) is may


@pytest.mark.parametrize(
    "timing",
    [
        Timing(before_cut_off_days=30, cut_off_after_days=30),
        Timing(from_hour=18, until_hour=9),
        Timing(until_hour=25),
        Timing(before_due_days=61),
        Timing(cut_off_after_days=0, before_cut_off_days=0),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused(timing: Timing) -> None:
    with pytest.raises(DaysWrong):
        check_timing(timing)
    check_timing(Timing())


def test_days_of_zero_switch_a_stage_off() -> None:
    assert Timing(before_due_days=0, at_due=False).stages == (Stage.BEFORE_CUT_OFF,)
    assert Timing().stages == STAGES
