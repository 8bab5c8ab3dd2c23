"""The periods of the board: which days somebody asks about, and beside which others."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo
from bawabati.reports.rules.board import Period

LONGEST_BOARD_DAYS: Final = 731
USUAL_DAYS: Final = 28
"""Four whole weeks: each weekday stands in it as often as any other."""
_SATURDAY: Final = 5


class Beside(StrEnum):
    """With what a period is compared."""

    BEFORE = "before"
    """As many days, just before."""
    YEAR = "year"
    """The same days, 52 weeks before: the same weekdays."""
    OTHER = "other"
    """As many days from a day that is named."""
    NOTHING = "nothing"


class BoardPeriodWrong(CannotDo):
    """It ends before it begins, or is not there yet."""

    code = "board_period_wrong"
    sentence = "The first day has to come before the last one, and neither after today."


class BoardPeriodTooLong(CannotDo):
    """Pictures of days have a width."""

    code = "board_period_too_long"
    sentence = "Choose at most %(most)s days."


def usual_period(today: date) -> Period:
    """The last four complete weeks' worth of days, up to yesterday."""
    return Period(first=today - timedelta(days=USUAL_DAYS), last=today - timedelta(days=1))


def week_of(today: date) -> Period:
    """The running week up to today; weeks begin on Saturday. Rule: board-week (algeria.md 5)"""
    return Period(first=today - timedelta(days=(today.weekday() - _SATURDAY) % 7), last=today)


def month_of(today: date) -> Period:
    """The running month up to today."""
    return Period(first=today.replace(day=1), last=today)


def check_board_period(period: Period, *, today: date) -> None:
    """Raises BoardPeriodWrong, BoardPeriodTooLong."""
    if period.last < period.first or period.last > today:
        raise BoardPeriodWrong
    if period.day_count > LONGEST_BOARD_DAYS:
        raise BoardPeriodTooLong(most=LONGEST_BOARD_DAYS)


def period_beside(period: Period, *, beside: Beside, other: date | None = None) -> Period | None:
    """The days to compare with, as many as in the period; None: with none. Without `other` it is the days before.

    Rule: board-compare (service.md S15)
    """
    match beside:
        case Beside.NOTHING:
            return None
        case Beside.YEAR:
            return _moved(period, period.first - timedelta(weeks=52))
        case Beside.OTHER if other is not None:
            return _moved(period, other)
        case _:
            return period.before


def change_in_percent(*, now: int, before: int) -> int | None:
    """By how much more or less, rounded to the nearest; None where there was nothing before."""
    if before == 0:
        return None
    doubled = 2 * (now - before) * 100
    return (abs(doubled) + before) // (2 * before) * (1 if doubled >= 0 else -1)


def _moved(period: Period, first: date) -> Period:
    return Period(first=first, last=first + timedelta(days=period.day_count - 1))
