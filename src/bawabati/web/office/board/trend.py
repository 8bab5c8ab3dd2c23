"""Days of the period beside the days before, and what the coming week may bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext

from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.reports.reads import list_days
from bawabati.reports.rules import (
    DayFigures,
    Expected,
    Forecast,
    Measure,
    Period,
    TooFewDays,
    forecast,
    week_of,
)
from bawabati.web.office.board.asked import COUNTED, Asked
from bawabati.web.office.board.figure import Cell, Figure, count, dinars, from_the_right
from bawabati.web.shared.pictures import Given, columns

LOOKED_BACK: Final = timedelta(weeks=16)
"""What a forecast needs: eight weeks for its line, and eight before for its band."""
DAYS_DRAWN_AT_MOST: Final = 92
"""Beyond, a column is a week."""
_DINARS: Final = 100
_UNITS: Final = ((100_000_000, 1_000_000), (100_000, 1_000))
"""From so many dinars on the scale, marks are in so many dinars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A day, or several days in one column."""

    first: date
    days: tuple[DayFigures, ...]

    def of(self, measure: Measure) -> int:
        """What they brought together. Payers of several days are counted day by day."""
        return sum(value_of(day, measure) for day in self.days)


def value_of(day: DayFigures, measure: Measure) -> int:
    """What is counted of a day; an amount in centimes."""
    match measure:
        case Measure.PAYERS:
            return day.payers
        case Measure.FIRST_PAYERS:
            return day.first_payers
        case Measure.PAYMENTS:
            return day.payments
        case Measure.AMOUNT:
            return day.centimes


def trend(*, company_id: int, asked: Asked, today: date, launched_on: date | None) -> Figure:
    """The picture of the days. A forecast stands at its end when the period reaches today or yesterday."""
    days = list_days(company_id=company_id, period=asked.period)
    stretches = _stretches(days)
    before = _stretches(list_days(company_id=company_id, period=asked.beside)) if asked.beside else []
    expected = _expected(company_id, asked, today, launched_on)
    coming = expected.days if isinstance(expected, Forecast) and len(stretches) == len(days) else ()
    given = [
        *(
            _was(stretch, before[at] if at < len(before) else None, asked.counted, today)
            for at, stretch in enumerate(stretches)
        ),
        *(_comes(day, each, asked.counted) for day, each in coming if day > asked.period.last),
    ]
    picture = columns(given, from_the_right=from_the_right())
    scale, scale_says = _scale(picture.marks, asked.counted)
    return Figure(
        slug="days",
        title=gettext("Day by day"),
        says=_says(days, asked.counted, today),
        header=_header(asked),
        rows=tuple(_rows(stretches, before) if asked.beside else map(_row, stretches)),
        columns=picture,
        scale=scale,
        scale_says=scale_says,
        notes=_notes(expected, asked.counted),
        legend=_legend(asked, has_forecast=bool(coming)),
    )


def _stretches(days: Sequence[DayFigures]) -> list[Stretch]:
    """Each day, or each week of a long period; its first and last week may be parts of one."""
    if len(days) <= DAYS_DRAWN_AT_MOST:
        return [Stretch(first=day.day, days=(day,)) for day in days]
    weeks: dict[date, list[DayFigures]] = {}
    for day in days:
        weeks.setdefault(week_of(day.day).first, []).append(day)
    return [Stretch(first=within[0].day, days=tuple(within)) for within in weeks.values()]


def _expected(company_id: int, asked: Asked, today: date, launched_on: date | None) -> Forecast | TooFewDays | None:
    """None when the period lies in the past: nobody asks what came after."""
    yesterday = today - timedelta(days=1)
    if asked.period.last < yesterday or launched_on is None or launched_on > yesterday:
        return None
    past = list_days(company_id=company_id, period=Period(first=max(launched_on, today - LOOKED_BACK), last=yesterday))
    return forecast([value_of(day, asked.counted) for day in past], last_day=yesterday)


def _was(stretch: Stretch, before: Stretch | None, measure: Measure, today: date) -> Given:
    value = stretch.of(measure)
    earlier = None if before is None else before.of(measure)
    said = f"{display_day(stretch.first)}: {shown(value, measure)}"
    if before is not None and earlier is not None:
        said += f" ({display_day(before.first)}: {shown(earlier, measure)})"
    return Given(
        name=f"{stretch.first:%d/%m}",
        said=said,
        value=value,
        kind="weak" if stretch.days[-1].day >= today else "was",
        before=earlier,
    )


def _comes(day: date, each: Expected, measure: Measure) -> Given:
    return Given(
        name=f"{day:%d/%m}",
        said=gettext("%(day)s, expected: %(value)s, between %(low)s and %(high)s")
        % {
            "day": display_day(day),
            "value": shown(each.value, measure),
            "low": shown(each.low, measure),
            "high": shown(each.high, measure),
        },
        value=each.value,
        kind="coming",
        band=(each.low, each.high),
    )


def shown(value: int, measure: Measure) -> str:
    """A figure in words of the page."""
    return dinars(value) if measure is Measure.AMOUNT else count(value)


def _scale(marks: Sequence[int], measure: Measure) -> tuple[tuple[str, ...], str]:
    """What the lines mean, and in what."""
    if measure is not Measure.AMOUNT:
        return tuple(count(mark) for mark in marks), gettext(COUNTED[measure])
    words = {1: gettext("in DA"), 1_000: gettext("in thousands of DA"), 1_000_000: gettext("in millions of DA")}
    unit = next((unit for least, unit in _UNITS if marks[0] >= least * _DINARS / 10), 1)
    return tuple(_mark(mark, unit) for mark in marks), words[unit]


def _mark(centimes: int, unit: int) -> str:
    whole, rest = divmod(centimes, unit * _DINARS)
    return count(whole) if not rest else f"{count(whole)},{rest * 10 // (unit * _DINARS)}"


def _says(days: Sequence[DayFigures], measure: Measure, today: date) -> str:
    complete = [day for day in days if day.day < today] or list(days)
    most = max(complete, key=lambda day: value_of(day, measure))
    average = sum(value_of(day, measure) for day in complete) // len(complete)
    if not value_of(most, measure):
        return gettext("Nothing was paid on these days.")
    return gettext("On an average day: %(average)s. The best day: %(day)s, with %(most)s.") % {
        "average": shown(average, measure),
        "day": display_day(most.day),
        "most": shown(value_of(most, measure), measure),
    }


def _notes(expected: Forecast | TooFewDays | None, measure: Measure) -> tuple[str, ...]:
    match expected:
        case Forecast():
            return (
                gettext("Expected in the seven days from today: %(value)s, between %(low)s and %(high)s.")
                % {
                    "value": shown(expected.week.value, measure),
                    "low": shown(expected.week.low, measure),
                    "high": shown(expected.week.high, measure),
                },
                gettext(
                    "How: the last %(weeks)s weeks go on along their median line, each weekday with its usual share. "
                    "The band is as wide as this sum was wrong on four in five past days. It knows no holidays, no "
                    "campaigns and no new bills."
                )
                % {"weeks": expected.weeks_seen},
            )
        case TooFewDays():
            return (
                gettext("Not enough days yet to say what comes: complete days still missing: %(missing)s.")
                % {"missing": expected.missing},
            )
        case None:
            return ()


def _legend(asked: Asked, *, has_forecast: bool) -> tuple[tuple[str, str], ...]:
    parts = [("was", gettext(COUNTED[asked.counted]))]
    if asked.beside:
        words = f"{display_day(asked.beside.first)} – {display_day(asked.beside.last)}"
        parts.append(("before", words))
    if has_forecast:
        parts.append(("coming", gettext("expected, with its band")))
    return tuple(parts) if len(parts) > 1 else ()


def _header(asked: Asked) -> tuple[str, ...]:
    of_days = (
        gettext("Day"),
        gettext("Payers"),
        gettext("Of them for the first time"),
        gettext("Payments"),
        gettext("Amount"),
    )
    if not asked.beside:
        return of_days
    return (
        *of_days,
        gettext("Day before it"),
        gettext("Payers then"),
        gettext("Payments then"),
        gettext("Amount then"),
    )


def _row(stretch: Stretch) -> tuple[Cell, ...]:
    return (
        stretch.first,
        stretch.of(Measure.PAYERS),
        stretch.of(Measure.FIRST_PAYERS),
        stretch.of(Measure.PAYMENTS),
        Money(stretch.of(Measure.AMOUNT)),
    )


def _rows(stretches: Sequence[Stretch], before: Sequence[Stretch]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for at, stretch in enumerate(stretches):
        then = before[at] if at < len(before) else None
        more: tuple[Cell, ...] = (None, None, None, None)
        if then is not None:
            more = (then.first, then.of(Measure.PAYERS), then.of(Measure.PAYMENTS), Money(then.of(Measure.AMOUNT)))
        rows.append((*_row(stretch), *more))
    return rows
