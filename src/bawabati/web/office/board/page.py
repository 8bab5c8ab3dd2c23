"""The board: today, this week and since the start; then a period that somebody chooses, beside another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bawabati.people.rules import Action
from bawabati.reports.reads import find_launch_day, reads_morning_page, totals_of
from bawabati.reports.rules import Period, Totals, change_in_percent, week_of
from bawabati.web.office.board.asked import BESIDE, COUNTED, Asked, choices, read_asked
from bawabati.web.office.board.figure import NOTHING, Figure, count, dinars, percent, shown_rows
from bawabati.web.office.board.goals import goals
from bawabati.web.office.board.shares import agencies, cards, debt, hours, ways
from bawabati.web.office.board.trend import trend
from bawabati.web.office.board.way_to_paid import way_to_paid
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

COLUMNS: Final = (
    (True, ("days",)),
    (False, ("targets", "ways", "cards", "hours")),
    (False, ("funnel", "agencies")),
    (True, ("debt",)),
)
"""What stands beside what where there is room, in the order in which it is read; whether it takes the whole width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One of the three at the top."""

    title: str
    payers: str
    first_payers: str
    payments: str
    amount: str
    returned: str
    success: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure of the period, and by how much it differs from the period beside."""

    title: str
    value: str
    before: str
    change: str
    is_more: bool


@require_safe
@staff_page(Action.SEE_BOARD)
def board(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything on one page."""
    company, now = request.place.company, timezone.now()
    today, launched_on = accounting_day(now), find_launch_day(company.id)
    asked = read_asked(request, today=today, launched_on=launched_on)
    made = {slug: make() for slug, make in _figures(company.id, asked, today, launched_on).items()}
    context = {
        "asked": asked,
        "choices": choices(asked, today=today, launched_on=launched_on),
        "besides": [(value, gettext(words), value == asked.how) for value, words in BESIDE.items()],
        "counts": [
            (gettext(words), asked.query(count=measure), measure == asked.counted) for measure, words in COUNTED.items()
        ],
        "now": now,
        "launched_on": launched_on,
        "cards": _cards(company.id, today, launched_on),
        "tiles": _tiles(company.id, asked),
        "columns": [
            (is_wide, [(made[slug], shown_rows(made[slug].rows)) for slug in slugs]) for is_wide, slugs in COLUMNS
        ],
        "query": asked.query(),
        "may_have_morning_page": request.may(Action.HAVE_MORNING_PAGE),
        "gets_morning_page": reads_morning_page(company_id=company.id, staff_id=request.staff.id),
        "may_keep_targets": request.may(Action.KEEP_TARGETS),
    }
    return render(request, "web/office/board/board.html", context, status=422 if asked.error else 200)


@require_safe
@staff_page(Action.SEE_BOARD)
def table(request: StaffRequest, language: str, slug: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The table of one figure as a file."""
    company, today = request.place.company, accounting_day(timezone.now())
    launched_on = find_launch_day(company.id)
    asked = read_asked(request, today=today, launched_on=launched_on)
    make, form = _figures(company.id, asked, today, launched_on).get(slug), wanted_form(request)
    if make is None or not form or asked.error:
        raise Http404
    figure = make()
    if not figure.header:
        raise Http404
    name = f"{company.code}-{slug}-{asked.period.first}-{asked.period.last}"
    return as_file(form, name=name, header=figure.header, rows=figure.rows)


def _figures(company_id: int, asked: Asked, today: date, launched_on: date | None) -> dict[str, Callable[[], Figure]]:
    """How each figure is made, in the order of the page."""
    return {
        "days": partial(trend, company_id=company_id, asked=asked, today=today, launched_on=launched_on),
        "targets": partial(goals, company_id=company_id, today=today),
        "ways": partial(ways, company_id=company_id, asked=asked),
        "funnel": partial(way_to_paid, company_id=company_id, asked=asked),
        "cards": partial(cards, company_id=company_id, asked=asked),
        "hours": partial(hours, company_id=company_id, asked=asked),
        "debt": partial(debt, company_id=company_id, asked=asked, today=today),
        "agencies": partial(agencies, company_id=company_id, asked=asked),
    }


def _cards(company_id: int, today: date, launched_on: date | None) -> list[Card]:
    periods = [(gettext("Today"), Period(first=today, last=today)), (gettext("This week"), week_of(today))]
    if launched_on:
        periods.append((gettext("Since the start"), Period(first=launched_on, last=today)))
    return [_card(title, totals_of(company_id=company_id, period=period)) for title, period in periods]


def _card(title: str, totals: Totals) -> Card:
    return Card(
        title=title,
        payers=count(totals.payers),
        first_payers=count(totals.first_payers),
        payments=count(totals.payments),
        amount=dinars(totals.centimes),
        returned=dinars(totals.returned_centimes) if totals.returned_centimes else "",
        success=percent(totals.attempts_paid, totals.attempts),
    )


def _tiles(company_id: int, asked: Asked) -> list[Tile]:
    now = totals_of(company_id=company_id, period=asked.period)
    before = totals_of(company_id=company_id, period=asked.beside) if asked.beside else None
    counted: list[tuple[str, Callable[[Totals], int], Callable[[int], str]]] = [
        (gettext("Payers"), lambda totals: totals.payers, count),
        (gettext("First-time payers"), lambda totals: totals.first_payers, count),
        (gettext("Payments"), lambda totals: totals.payments, count),
        (gettext("Amount collected"), lambda totals: totals.centimes, dinars),
        (gettext("Given back"), lambda totals: totals.returned_centimes, dinars),
    ]
    tiles = [_tile(title, of(now), of(before) if before else None, words) for title, of, words in counted]
    return [*tiles, _rate_tile(now, before)]


def _tile(title: str, now: int, before: int | None, words: Callable[[int], str]) -> Tile:
    change = None if before is None else change_in_percent(now=now, before=before)
    return Tile(
        title=title,
        value=words(now),
        before="" if before is None else words(before),
        change="" if not change else f"{'+' if change > 0 else '−'}{count(abs(change))}\u00a0%",
        is_more=bool(change and change > 0),
    )


def _rate_tile(now: Totals, before: Totals | None) -> Tile:
    """Of the attempts online that ended, how many were paid. A share has no change in percent of itself."""
    earlier = percent(before.attempts_paid, before.attempts) if before else ""
    return Tile(
        title=gettext("Attempts online that were paid"),
        value=percent(now.attempts_paid, now.attempts),
        before="" if earlier == NOTHING else earlier,
        change="",
        is_more=False,
    )
