"""Working days in Algeria, and the day to which a moment belongs.

The weekend is Friday and Saturday. Holidays are data: those that follow the moon are known only a day or two
before, so `holidays.csv` beside this file holds estimates, and whoever asks may bring other days.
"""

import csv
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

ALGIERS: Final = ZoneInfo("Africa/Algiers")

_WEEKEND: Final = frozenset({4, 5})  # Friday and Saturday, as date.weekday() counts
_EVERY_YEAR: Final = "*-"
_ANY_LEAP_YEAR: Final = "2000-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays(Container[date]):
    """Days off: some return every year on the same (month, day), some are single days."""

    every_year: frozenset[tuple[int, int]]
    single: frozenset[date]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and ((day.month, day.day) in self.every_year or day in self.single)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyHolidays(Container[date]):
    """A company's days off: what it says itself of a day (`said`: is it off?) comes before the calendar."""

    built_in: Container[date]
    said: Mapping[date, bool]

    def __contains__(self, day: object) -> bool:
        if isinstance(day, date) and day in self.said:
            return self.said[day]
        return day in self.built_in


def read_holidays(lines: Iterable[str]) -> Holidays:
    """Holidays from CSV with a column `day`: `2026-03-20`, or `*-07-05` for every year.

    Other columns are there for people.

    Raises:
        KeyError: there is no column `day`.
        ValueError: a day is no date.
    """
    every_year: set[tuple[int, int]] = set()
    single: set[date] = set()
    for row in csv.DictReader(lines):
        written = row["day"].strip()
        if written.startswith(_EVERY_YEAR):
            day = date.fromisoformat(written.replace(_EVERY_YEAR, _ANY_LEAP_YEAR))
            every_year.add((day.month, day.day))
        else:
            single.add(date.fromisoformat(written))
    return Holidays(every_year=frozenset(every_year), single=frozenset(single))


@cache
def built_in_holidays() -> Holidays:
    """The holidays that come with us: the fixed ones, and estimates of the moving ones for 2026 and 2027."""
    with Path(__file__).with_name("holidays.csv").open(encoding="utf-8", newline="") as lines:
        return read_holidays(lines)


def is_working_day(day: date, *, holidays: Container[date]) -> bool:
    """Whether agencies and banks work on that day.

    Rule: working-days (Sunday to Thursday but for holidays)
    """
    return day.weekday() not in _WEEKEND and day not in holidays


def add_working_days(day: date, count: int, *, holidays: Container[date]) -> date:
    """The `count`-th working day after `day`, which itself may be any day and is not counted.

    Raises:
        ValueError: `count` is less than one.
    """
    if count < 1:
        raise ValueError("count working days forward, from one")
    working_day = day
    for _ in range(count):
        working_day += timedelta(days=1)
        while not is_working_day(working_day, holidays=holidays):
            working_day += timedelta(days=1)
    return working_day


def accounting_day(moment: datetime) -> date:
    """The day in the books to which a moment belongs: its date on Algerian clocks (UTC+1 all year).

    Rule: accounting-day (days are those of Africa/Algiers, moments are stored in UTC)

    Raises:
        ValueError: `moment` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(ALGIERS).date()


def begins_at(day: date) -> datetime:
    """The first moment of a day in Algeria: what happened on it happened at or after, and before the next day's."""
    return datetime.combine(day, time.min, tzinfo=ALGIERS)
