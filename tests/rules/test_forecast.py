"""The coming week: a line, the usual weekdays, and a band that past errors have made."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.reports.rules import DAYS_NEEDED, Forecast, TooFewDays, forecast

LAST = date(2026, 11, 21)
days = st.lists(st.integers(min_value=0, max_value=1_000_000), min_size=DAYS_NEEDED, max_size=63)
week = st.lists(st.integers(min_value=0, max_value=5_000), min_size=7, max_size=7)


def of(past: list[int]) -> Forecast:
    said = forecast(past, last_day=LAST)
    assert isinstance(said, Forecast)
    return said


def values(said: Forecast) -> list[int]:
    return [expected.value for _day, expected in said.days]


@pytest.mark.parametrize(("known", "missing"), [(0, 21), (1, 20), (20, 1)])
def test_with_too_few_days_it_says_how_many_are_missing(known: int, missing: int) -> None:
    assert forecast([5] * known, last_day=LAST) == TooFewDays(missing=missing)


def test_the_twenty_first_day_is_enough() -> None:
    assert values(of([5] * 21)) == [5] * 7


def test_a_weekly_pattern_that_repeats_goes_on_with_no_band_at_all() -> None:
    """Made by hand: quiet Fridays and Saturdays, a busy Sunday."""
    pattern = [4, 3, 30, 22, 21, 20, 18]
    said = of(pattern * 4)
    assert values(said) == pattern
    assert all((expected.low, expected.high) == (expected.value, expected.value) for _day, expected in said.days)
    assert (said.week.low, said.week.value, said.week.high) == (118, 118, 118)


def test_weeks_that_grow_by_seventy_go_on_growing_by_seventy() -> None:
    """Made by hand: 70, 140, 210, 280 → 350, a seventh of it each day."""
    past = [each for total in (10, 20, 30, 40) for each in [total] * 7]
    said = of(past)
    assert values(said) == [50] * 7
    assert said.week.value == 350


def test_one_odd_week_bends_nothing() -> None:
    """A press day brings ten times as much once; the line is the median's."""
    past = [10] * 28 + [10, 10, 500, 10, 10, 10, 10] + [10] * 21
    assert sum(values(of(past))) == pytest.approx(70, abs=3)


def test_the_band_is_as_wide_as_four_past_days_in_five_needed() -> None:
    """Two equal weeks say 10 a day; the third brought 10, but for one day of 12 and one of 17."""
    said = of([10] * 14 + [10, 10, 12, 10, 17, 10, 10])
    assert {expected.high - expected.value for _day, expected in said.days} <= {2, 3}


def test_the_days_are_the_seven_after_the_last_complete_one() -> None:
    assert [day for day, _expected in of([1] * 30).days] == [LAST + timedelta(days=ahead) for ahead in range(1, 8)]


def test_days_before_the_first_whole_week_are_left_out() -> None:
    pattern = [1, 2, 3, 4, 5, 6, 7]
    assert values(of([900, 900, *pattern * 3])) == pattern


@given(days)
def test_a_band_holds_its_figure_and_nothing_is_below_zero(past: list[int]) -> None:
    said = of(past)
    assert len(said.days) == 7
    for expected in [said.week, *(expected for _day, expected in said.days)]:
        assert 0 <= expected.low <= expected.value <= expected.high


@given(week, st.integers(min_value=3, max_value=12))
def test_what_repeats_each_week_repeats_once_more(pattern: list[int], times: int) -> None:
    said = of(pattern * times)
    assert values(said) == pattern
    assert said.week.value == sum(pattern)
    assert said.week.low == said.week.high == sum(pattern)


@given(days, st.integers(min_value=2, max_value=50))
def test_ten_times_the_figures_are_ten_times_the_forecast(past: list[int], times: int) -> None:
    once, often = of(past), of([each * times for each in past])
    assert often.week.value == pytest.approx(once.week.value * times, abs=times)
    assert often.week.high == pytest.approx(once.week.high * times, abs=times)


@given(st.integers(min_value=0))
def test_only_the_last_sixteen_weeks_count(seed: int) -> None:
    """Eight weeks draw the line, and eight weeks before the last eight make the band: what is older says nothing."""
    random = Random(seed)
    recent = [random.randrange(1_000) for _ in range(16 * 7)]
    assert of([123_456] * 70 + recent) == of(recent)


@given(days)
def test_the_days_add_up_to_the_week(past: list[int]) -> None:
    said = of(past)
    assert sum(values(said)) == pytest.approx(said.week.value, abs=4)
