"""Which days the address of the board asks for, beside which others, and what the trend counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from bawabati.errors import CannotDo
from bawabati.reports.rules import (
    LONGEST_BOARD_DAYS,
    Beside,
    Measure,
    Period,
    check_board_period,
    month_of,
    period_beside,
    usual_period,
    week_of,
)
from bawabati.web.shared.lists import FilterDayNotReadable
from bawabati.web.shared.sentences import sentence_of

COUNTED: Final[dict[str, str]] = {
    Measure.PAYERS: _("Payers"),
    Measure.PAYMENTS: _("Payments"),
    Measure.AMOUNT: _("Amount"),
}
BESIDE: Final[dict[str, str]] = {
    Beside.BEFORE: _("as many days just before"),
    Beside.YEAR: _("the same days 52 weeks before"),
    Beside.OTHER: _("days from another date"),
    Beside.NOTHING: _("nothing"),
}
EARLIEST: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link to a usual period."""

    words: str
    query: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is shown. Where the address could not be read it is the usual period, and `error` says why."""

    period: Period
    beside: Period | None
    how: Beside
    other: date | None
    counted: Measure
    typed: dict[str, str]
    error: str

    def query(self, **more: str) -> str:
        """The same board, with something else: for links and files."""
        kept = {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "with": self.how.value,
            "with_from": self.other.isoformat() if self.other else "",
            "count": self.counted.value,
        }
        return urlencode({name: value for name, value in (kept | more).items() if value})


def read_asked(request: HttpRequest, *, today: date, launched_on: date | None) -> Asked:
    """What the address asks for. `launched_on`: nothing was paid before."""
    typed = {name: request.GET.get(name, "")[:10] for name in ("from", "to", "with", "with_from", "count")}
    usual, error = usual_period(today), ""
    how = Beside(typed["with"]) if typed["with"] in set(Beside) else Beside.BEFORE
    other: date | None = None
    try:
        period = Period(
            first=_day(typed["from"]) if typed["from"] else usual.first,
            last=_day(typed["to"]) if typed["to"] else usual.last,
        )
        check_board_period(period, today=today)
        if how is Beside.OTHER and typed["with_from"]:
            other = _day(typed["with_from"])
    except CannotDo as wrong:
        period, error = usual, sentence_of(wrong)
    return Asked(
        period=period,
        beside=_with_something(period_beside(period, beside=how, other=other), launched_on),
        how=how,
        other=other,
        counted=Measure(typed["count"]) if typed["count"] in COUNTED else Measure.PAYERS,
        typed=typed,
        error=error,
    )


def choices(asked: Asked, *, today: date, launched_on: date | None) -> list[Choice]:
    """The periods that people ask for most. `words` are message identifiers."""
    named = [
        (_("Last 4 weeks"), usual_period(today)),
        (_("Today"), Period(first=today, last=today)),
        (_("This week"), week_of(today)),
        (_("This month"), month_of(today)),
    ]
    if launched_on:
        named.append((_("Since the start"), Period(first=launched_on, last=today)))
    return [
        Choice(
            words=words,
            query=asked.query(**{"from": period.first.isoformat(), "to": period.last.isoformat()}),
            is_here=period == asked.period,
        )
        for words, period in named
        if period.day_count <= LONGEST_BOARD_DAYS
    ]


def _with_something(beside: Period | None, launched_on: date | None) -> Period | None:
    """Days before the first payment are nothing to compare with: whatever came since would look like growth."""
    if beside is None or launched_on is None or beside.first < launched_on:
        return None
    return beside


def _day(text: str) -> date:
    """Raises FilterDayNotReadable."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FilterDayNotReadable from None
    if not EARLIEST <= day < EARLIEST + timedelta(days=365_000):
        raise FilterDayNotReadable
    return day
