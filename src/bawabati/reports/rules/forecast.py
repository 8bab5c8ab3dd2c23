"""What the coming week may bring, and how wrong the same sum would have been before.

The method fits into three sentences, so that whoever reads the board can do it again with a pencil. Days are taken in
blocks of seven that end with the last complete day; the blocks' sums go on along a straight line whose slope is the
median of the slopes between any two of them, so that one odd week bends nothing. Each weekday gets the share of its
week that it had until now. The band is as wide as four in five days of the past would have needed: each past week is
forecast from what was known before it, and compared with what came.

It knows nothing of holidays, campaigns or new bills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import ceil, floor
from statistics import median
from typing import Final

WEEK: Final = 7
WEEKS_LOOKED_AT: Final = 8
"""Of what the line is drawn through. Older weeks tell of another time."""
WEEKS_TRIED: Final = 8
"""How many past weeks at most are forecast again for the band."""
WEEKS_TO_FIT: Final = 2
DAYS_NEEDED: Final = WEEK * (WEEKS_TO_FIT + 1)
"""Two weeks to draw a line through, and one to see how wrong it was."""
COVERED: Final = 0.8
"""How many of the past days lay in the band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A figure that may come, and between what it lay four times in five. Whole numbers, never below zero."""

    low: int
    value: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The seven days after the last complete one, by day, and the whole of them."""

    days: tuple[tuple[date, Expected], ...]
    week: Expected
    weeks_seen: int
    """How many past weeks it was drawn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewDays:
    """There is no honest answer yet: how many more complete days there have to be."""

    missing: int


def forecast(past: Sequence[int], *, last_day: date) -> Forecast | TooFewDays:
    """What the next seven days may bring. `past` holds one figure for each day up to `last_day`, the earliest first.

    Rule: board-forecast (service.md S15)
    """
    if len(past) < DAYS_NEEDED:
        return TooFewDays(missing=DAYS_NEEDED - len(past))
    weeks = _weeks(past)
    drawn_from = weeks[-WEEKS_LOOKED_AT:]
    days = _next_week(drawn_from)
    day_errors, week_errors = _past_errors(weeks)
    day_width, week_width = _covering(day_errors), _covering(week_errors)
    return Forecast(
        days=tuple(
            (last_day + timedelta(days=ahead), _expected(value, day_width)) for ahead, value in enumerate(days, start=1)
        ),
        week=_expected(sum(days), week_width),
        weeks_seen=len(drawn_from),
    )


def _weeks(past: Sequence[int]) -> list[Sequence[int]]:
    """Whole weeks, the earliest first, the last one ending with the last day; what is left over at the start is not."""
    first = len(past) % WEEK
    return [past[at : at + WEEK] for at in range(first, len(past), WEEK)]


def _next_week(weeks: Sequence[Sequence[int]]) -> list[float]:
    """Seven days after the last of these weeks, at least two."""
    sums = [sum(week) for week in weeks]
    slope = median(
        (after - before) / (there - here) for (here, before), (there, after) in combinations(enumerate(sums), 2)
    )
    level = median(each - slope * place for place, each in enumerate(sums))
    coming, seen = max(0.0, level + slope * len(sums)), sum(sums)
    if not seen:
        return [0.0] * WEEK
    return [coming * sum(week[at] for week in weeks) / seen for at in range(WEEK)]


def _past_errors(weeks: Sequence[Sequence[int]]) -> tuple[list[float], list[float]]:
    """By how much days, and weeks, would have been wrong: each week from those before it alone."""
    days: list[float] = []
    sums: list[float] = []
    for at in range(max(WEEKS_TO_FIT, len(weeks) - WEEKS_TRIED), len(weeks)):
        said = _next_week(weeks[max(0, at - WEEKS_LOOKED_AT) : at])
        days.extend(abs(came - value) for came, value in zip(weeks[at], said, strict=True))
        sums.append(abs(sum(weeks[at]) - sum(said)))
    return days, sums


def _covering(errors: list[float]) -> float:
    """The smallest width that would have held four in five of them."""
    return sorted(errors)[ceil(COVERED * len(errors)) - 1]


def _expected(value: float, width: float) -> Expected:
    # A sum of shares is a little off by nature; a band must not grow by one for that.
    low, high = round(value - width, 6), round(value + width, 6)
    return Expected(low=max(0, floor(low)), value=round(value), high=ceil(high))
