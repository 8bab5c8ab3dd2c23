"""Targets beside what was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext

from bawabati.money.amount import Money
from bawabati.reports.models import Target
from bawabati.reports.reads import list_targets, totals_of
from bawabati.reports.rules import Measure, Period, Standing, Totals, reached_of, standing_of_target
from bawabati.web.office.board.figure import BarRow, Cell, Figure, from_the_right
from bawabati.web.office.board.trend import shown
from bawabati.web.office.board.words import MEASURES, PACES, called
from bawabati.web.shared.pictures import bars

SHOWN_AFTER_ITS_END: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target and how it stands."""

    target: Target
    measure: Measure
    standing: Standing

    @property
    def wanted(self) -> str:
        """In words of the page."""
        return shown(self.standing.wanted, self.measure)

    @property
    def reached(self) -> str:
        """In words of the page."""
        return shown(self.standing.reached, self.measure)


def list_goals(*, company_id: int, today: date) -> list[Goal]:
    """What is wanted now or was until a short while ago, the one that ends last first."""
    totals: dict[Period, Totals] = {}
    goals = []
    for target in list_targets(company_id=company_id, since=today - SHOWN_AFTER_ITS_END):
        period = Period(first=target.first_day, last=target.last_day)
        if period not in totals:
            totals[period] = totals_of(company_id=company_id, period=period)
        measure = Measure(target.measure)
        standing = standing_of_target(
            wanted=target.wanted, reached=reached_of(totals[period], measure), period=period, today=today
        )
        goals.append(Goal(target=target, measure=measure, standing=standing))
    return goals


def goals(*, company_id: int, today: date) -> Figure:
    """Each target as a bar, with a mark where it should stand by now."""
    listed = list_goals(company_id=company_id, today=today)
    lying = [
        bars(
            [goal.standing.reached],
            of=goal.standing.wanted,
            marks=[goal.standing.wanted_by_now],
            from_the_right=from_the_right(),
        )[0]
        for goal in listed
    ]
    return Figure(
        slug="targets",
        title=gettext("Targets"),
        says=gettext("Targets reached: %(reached)s of %(all)s.")
        % {"reached": sum(goal.standing.percent >= 100 for goal in listed), "all": len(listed)}  # noqa: PLR2004 - all of it
        if listed
        else gettext("No target has been set."),
        header=(
            gettext("Target"),
            gettext("From"),
            gettext("To"),
            gettext("Wanted"),
            gettext("Reached"),
            gettext("Wanted by now"),
            gettext("State"),
            gettext("Set by"),
        ),
        rows=tuple(_row(goal) for goal in listed),
        bars=tuple(
            BarRow(
                name=called(MEASURES, goal.measure),
                bar=bar,
                value=f"{goal.standing.percent}\u00a0%",
                more=gettext("%(reached)s of %(wanted)s, by %(day)s: %(pace)s")
                % {
                    "reached": goal.reached,
                    "wanted": goal.wanted,
                    "day": f"{goal.target.last_day:%d/%m/%Y}",
                    "pace": called(PACES, goal.standing.pace),
                },
                kind=f"is-{goal.standing.pace.value}",
            )
            for goal, bar in zip(listed, lying, strict=True)
        ),
        legend=(("before", gettext("where it should stand by now")),) if listed else (),
    )


def _row(goal: Goal) -> tuple[Cell, ...]:
    def value(number: int) -> Cell:
        return Money(number) if goal.measure is Measure.AMOUNT else number

    standing = goal.standing
    return (
        called(MEASURES, goal.measure),
        goal.target.first_day,
        goal.target.last_day,
        value(standing.wanted),
        value(standing.reached),
        value(standing.wanted_by_now),
        called(PACES, standing.pace),
        goal.target.set_by.name,
    )
