"""What may be told of companies to somebody who works for none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bawabati.errors import CannotDo
from bawabati.reports.rules.board import CompanySums, Period

FEWEST_TOLD: Final = 5
"""Payers of a company in a month. Sums of fewer would tell of somebody."""
MOST_MONTHS: Final = 24
Told = tuple[dict[int, CompanySums | None], CompanySums | None]
"""Each company's sums by its number, None where they are of too few; and all of them together."""


class MonthNotTold(CannotDo):
    """Months that are over, and what they brought together: of other days the difference would tell of somebody."""

    code = "month_not_told"
    sentence = "Choose one of the months that are over."


def months_told(*, today: date, launched_on: date | None) -> tuple[Period, ...]:
    """The months that may be asked about, the newest first: whole, over, and from the first payment on.

    Of two periods that overlap somebody could take one from the other. Months never do. Rule: few-payers
    """
    months: list[Period] = []
    last = today.replace(day=1) - timedelta(days=1)
    while launched_on is not None and last >= launched_on and len(months) < MOST_MONTHS:
        months.append(Period(first=last.replace(day=1), last=last))
        last = months[-1].first - timedelta(days=1)
    return tuple(months)


def told_together(months: Sequence[Told]) -> Told:
    """What was told of each month, summed: what was hidden in one of them stays hidden in the sum.

    Payers are those of whom a first payment was told: over all months nobody is twice among them. Rule: few-payers
    """
    shown: dict[int, CompanySums | None] = {}
    total: CompanySums | None = None
    for companies, together in months:
        for company_id, sums in companies.items():
            shown[company_id] = _added(shown.get(company_id), sums)
        total = _added(total, together)
    return shown, total


def _added(before: CompanySums | None, more: CompanySums | None) -> CompanySums | None:
    if more is None:
        return before
    more = replace(more, payers=more.first_payers)
    return more if before is None else _plus(before, more)


def told(sums: Sequence[CompanySums]) -> Told:
    """Each company's sums by its number, None where they are of too few; and all of them together.

    A company without any payer is told: nothing of nobody; unless money went back, which was somebody's. Where one
    company alone is hidden, the sum over all would say what was hidden: then the next smallest is hidden with it, and
    with nobody else left, the sum itself.

    Rule: few-payers (law 18-07; ours)
    """
    of_people = sorted((one for one in sums if one.payers or one.returns), key=lambda one: (one.payers, one.company_id))
    hidden = {one.company_id for one in of_people if one.payers < FEWEST_TOLD}
    few = sum(one.payers for one in of_people if one.company_id in hidden)
    for one in of_people:
        if hidden and few < FEWEST_TOLD and one.company_id not in hidden:
            hidden.add(one.company_id)
            few += one.payers
    shown = {one.company_id: None if one.company_id in hidden else one for one in sums}
    return shown, None if hidden and few < FEWEST_TOLD else _together(sums)


def _together(sums: Sequence[CompanySums]) -> CompanySums:
    """The sum over all companies. A customer of two companies is two payers: nothing connects them."""
    total = CompanySums(company_id=0)
    for one in sums:
        total = _plus(total, one)
    return total


def _plus(one: CompanySums, other: CompanySums) -> CompanySums:
    return replace(
        one,
        payments=one.payments + other.payments,
        centimes=one.centimes + other.centimes,
        returns=one.returns + other.returns,
        returned_centimes=one.returned_centimes + other.returned_centimes,
        first_payers=one.first_payers + other.first_payers,
        payers=one.payers + other.payers,
        attempts=one.attempts + other.attempts,
        attempts_paid=one.attempts_paid + other.attempts_paid,
    )
