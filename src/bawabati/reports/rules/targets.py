"""Targets: what a company wants to reach in a period, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo
from bawabati.reports.rules.board import Period, Totals

LONGEST_TARGET_DAYS: Final = 731
LARGEST_TARGET: Final = 10**15
"""Of centimes or of payers: more than any company will see."""


class Measure(StrEnum):
    """What is counted."""

    PAYERS = "payers"
    FIRST_PAYERS = "first_payers"
    PAYMENTS = "payments"
    AMOUNT = "amount"


class Pace(StrEnum):
    """How a target stands."""

    TO_COME = "to_come"
    REACHED = "reached"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    MISSED = "missed"


class TargetWrong(CannotDo):
    """A figure that nobody can reach, or need not."""

    code = "target_wrong"
    sentence = "Type the target as a whole number above zero."


class TargetPeriodWrong(CannotDo):
    """It ends before it begins, or after more than two years."""

    code = "target_period_wrong"
    sentence = "A target needs a first day and a last day, at most two years apart."


class NoSuchTarget(CannotDo):
    """Withdrawn already, or another company's."""

    code = "no_such_target"
    sentence = "There is no such target."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A target beside what was reached. Amounts are in centimes."""

    pace: Pace
    wanted: int
    reached: int
    wanted_by_now: int
    """When each day brings as much as any other."""

    @property
    def percent(self) -> int:
        """Of what is wanted, rounded down: 100 is said only when all of it is there."""
        return self.reached * 100 // self.wanted


def reached_of(totals: Totals, measure: Measure) -> int:
    """What is counted of a period; an amount in centimes, without what went back."""
    match measure:
        case Measure.PAYERS:
            return totals.payers
        case Measure.FIRST_PAYERS:
            return totals.first_payers
        case Measure.PAYMENTS:
            return totals.payments
        case Measure.AMOUNT:
            return max(0, totals.net_centimes)


def check_target(*, wanted: int, period: Period) -> None:
    """Raises TargetWrong, TargetPeriodWrong."""
    if not 0 < wanted <= LARGEST_TARGET:
        raise TargetWrong
    if period.last < period.first or period.day_count > LONGEST_TARGET_DAYS:
        raise TargetPeriodWrong


def standing_of_target(*, wanted: int, reached: int, period: Period, today: date) -> Standing:
    """How it stands at the end of the day before `today`, for today is not over.

    Rule: board-target (service.md S13)
    """
    days_over = min(max((today - period.first).days, 0), period.day_count)
    by_now = wanted * days_over // period.day_count
    if reached >= wanted:
        pace = Pace.REACHED
    elif today < period.first:
        pace = Pace.TO_COME
    elif today > period.last:
        pace = Pace.MISSED
    else:
        pace = Pace.ON_PACE if reached >= by_now else Pace.BEHIND
    return Standing(pace=pace, wanted=wanted, reached=reached, wanted_by_now=by_now)
