"""The morning page: the day before, the week, the start; the trend and what comes; targets, ways, losses, debt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bawabati.adapters import registry
from bawabati.adapters.documents.certificates import Named
from bawabati.adapters.documents.morning import MorningBar, MorningCard, MorningDay, MorningPage, MorningPart
from bawabati.companies.models import Company
from bawabati.companies.reads import count_equipment
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import whole, with_currency
from bawabati.reports.models import Target
from bawabati.reports.reads import (
    find_launch_day,
    funnel_of,
    list_agency_figures,
    list_ages_of_debt,
    list_days,
    list_targets,
    shares_by_card,
    shares_by_way,
    totals_of,
)
from bawabati.reports.rules import (
    Expected,
    Forecast,
    Measure,
    Period,
    Share,
    TooFewDays,
    Totals,
    forecast,
    reached_of,
    standing_of_target,
    usual_period,
)

LOOKED_BACK: Final = timedelta(weeks=16)
WEEK: Final = timedelta(days=7)
THOUSAND: Final = 1000
MOST_ROWS: Final = 4
MOST_TARGETS: Final = 3
STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningFigures:
    """What the letter itself says of the day before."""

    day: date
    payers: int
    first_payers: int
    centimes: int


def figures_of_morning(*, company_id: int, today: date) -> MorningFigures:
    """Of the day before `today`."""
    day = today - timedelta(days=1)
    totals = totals_of(company_id=company_id, period=Period(first=day, last=day))
    return MorningFigures(day=day, payers=totals.payers, first_payers=totals.first_payers, centimes=totals.centimes)


def morning_document(*, company: Company, language: str, today: date, now: datetime) -> bytes:
    """The page as PDF."""
    return registry.document_maker().morning_pdf(morning_page(company=company, language=language, today=today, now=now))


def morning_page(*, company: Company, language: str, today: date, now: datetime) -> MorningPage:
    """The page of the morning of `today`, which is not over and is not counted."""
    yesterday, launched_on = today - timedelta(days=1), find_launch_day(company.id)
    period = usual_period(today)
    expected = _forecast(company.id, today, launched_on)
    days = _days(company.id, period, expected)
    return MorningPage(
        language=language,
        company=getattr(company, f"name_{language}"),
        day=display_day(yesterday),
        made_at=now,
        cards=tuple(
            _card(word, totals_of(company_id=company.id, period=each), language)
            for word, each in (
                ("morning_yesterday", Period(first=yesterday, last=yesterday)),
                ("morning_week", Period(first=today - WEEK, last=yesterday)),
                ("morning_start", Period(first=min(launched_on or yesterday, yesterday), last=yesterday)),
            )
        ),
        days=days,
        top=_top(max(day.high for day in days)),
        says=(_about_what_comes(expected, language),),
        parts=(
            _targets(company.id, today, language),
            _shares("morning_ways", "way", shares_by_way(company_id=company.id, period=period), language),
            _losses(company.id, period, language),
            _shares("morning_cards", "card", shares_by_card(company_id=company.id, period=period), language),
            _debt(company.id, period, today, language),
            _agencies(company.id, period, language),
        ),
    )


def _forecast(company_id: int, today: date, launched_on: date | None) -> Forecast | TooFewDays:
    yesterday = today - timedelta(days=1)
    first = max(launched_on or today, today - LOOKED_BACK)
    past = list_days(company_id=company_id, period=Period(first=first, last=yesterday)) if first <= yesterday else ()
    return forecast([day.payers for day in past], last_day=yesterday)


def _days(company_id: int, period: Period, expected: Forecast | TooFewDays) -> tuple[MorningDay, ...]:
    coming: Sequence[tuple[date, Expected]] = expected.days if isinstance(expected, Forecast) else ()
    return (
        *(
            MorningDay(name=f"{one.day:%d/%m}", value=one.payers, low=one.payers, high=one.payers)
            for one in list_days(company_id=company_id, period=period)
        ),
        *(
            MorningDay(name=f"{day:%d/%m}", value=each.value, low=each.low, high=each.high, is_coming=True)
            for day, each in coming
        ),
    )


def _about_what_comes(expected: Forecast | TooFewDays, language: str) -> Named:
    match expected:
        case Forecast(week=week):
            named = (("value", week.value), ("low", week.low), ("high", week.high))
            return Named(word="morning_forecast", named=tuple((name, whole(value, language)) for name, value in named))
        case TooFewDays(missing=missing):
            return Named(word="morning_too_few", named=(("missing", str(missing)),))


def _card(word: str, totals: Totals, language: str) -> MorningCard:
    return MorningCard(
        word=word,
        payers=whole(totals.payers, language),
        first_payers=whole(totals.first_payers, language),
        payments=whole(totals.payments, language),
        amount=with_currency(Money(totals.centimes), language),
        success=_percent(totals.attempts_paid, totals.attempts),
    )


def _targets(company_id: int, today: date, language: str) -> MorningPart:
    current = [target for target in list_targets(company_id=company_id, since=today) if target.first_day < today]
    return MorningPart(
        word="morning_targets",
        empty="morning_no_target",
        bars=tuple(_target(target, today, language) for target in current[:MOST_TARGETS]),
        says=(Named(word="morning_mark"),) if current else (),
    )


def _target(target: Target, today: date, language: str) -> MorningBar:
    period, measure = Period(first=target.first_day, last=target.last_day), Measure(target.measure)
    until = Period(first=period.first, last=min(period.last, today - timedelta(days=1)))
    reached = reached_of(totals_of(company_id=target.company_id, period=until), measure)
    standing = standing_of_target(wanted=target.wanted, reached=reached, period=period, today=today)
    shown = [
        with_currency(Money(value), language) if measure is Measure.AMOUNT else whole(value, language)
        for value in (reached, target.wanted)
    ]
    return MorningBar(
        name=Named(word=f"measure_{measure.value}"),
        value=f"{' / '.join(shown)}",
        filled=reached * THOUSAND // target.wanted,
        mark=standing.wanted_by_now * THOUSAND // target.wanted,
    )


def _shares(word: str, prefix: str, shares: Sequence[Share], language: str) -> MorningPart:
    all_of_it = sum(share.payments for share in shares)
    return MorningPart(
        word=word,
        empty="morning_nothing",
        bars=tuple(
            MorningBar(
                name=Named(word=f"{prefix}_{share.key or 'unknown'}"),
                value=f"{_percent(share.payments, all_of_it)} · {with_currency(Money(share.centimes), language)}",
                filled=share.payments * THOUSAND // all_of_it,
            )
            for share in sorted(shares, key=lambda share: -share.payments)[:MOST_ROWS]
            if share.payments
        ),
    )


def _losses(company_id: int, period: Period, language: str) -> MorningPart:
    funnel = funnel_of(company_id=company_id, period=period)
    ended = funnel.paid + sum(lost for _cause, lost in funnel.losses)
    return MorningPart(
        word="morning_losses",
        empty="morning_no_loss",
        bars=tuple(
            MorningBar(
                name=Named(word=f"loss_{cause}"),
                value=f"{whole(lost, language)} · {_percent(lost, ended)}",
                filled=lost * THOUSAND // max(ended, 1),
            )
            for cause, lost in funnel.losses[:MOST_ROWS]
        ),
    )


def _debt(company_id: int, period: Period, today: date, language: str) -> MorningPart:
    ages = [age for age in list_ages_of_debt(company_id=company_id, period=period, today=today) if age.due_centimes]
    return MorningPart(
        word="morning_debt",
        empty="morning_no_debt",
        bars=_longest(
            (
                Named(word=f"age_{age.key}"),
                with_currency(Money(age.due_centimes), language),
                age.due_centimes,
                age.collected_centimes,
            )
            for age in ages
        ),
    )


def _agencies(company_id: int, period: Period, language: str) -> MorningPart:
    figures = sorted(list_agency_figures(company_id=company_id, period=period), key=lambda one: -one.centimes)
    equipment = count_equipment(company_id)
    return MorningPart(
        word="morning_agencies",
        empty="morning_no_agency",
        bars=_longest(
            (
                one.name_ar if language == "ar" else one.name_fr,
                with_currency(Money(one.centimes), language),
                one.centimes,
                None,
            )
            for one in figures[:MOST_ROWS]
            if one.payments
        ),
        says=(
            Named(
                word="morning_equipment",
                named=(("equipped", str(equipment.equipped)), ("agencies", str(equipment.agencies))),
            ),
        ),
    )


def _longest(rows: Iterable[tuple[str | Named, str, int, int | None]]) -> tuple[MorningBar, ...]:
    """Bars beside the longest of them: name, what it amounts to, its length, and its mark."""
    listed = list(rows)
    most = max((value for _name, _shown, value, _mark in listed), default=0) or 1
    return tuple(
        MorningBar(
            name=name,
            value=shown,
            filled=value * THOUSAND // most,
            mark=-1 if mark is None else min(mark, most) * THOUSAND // most,
        )
        for name, shown, value, mark in listed
    )


def _percent(part: int, of: int) -> str:
    return f"{(200 * part + of) // (2 * of)} %" if of else "–"


def _top(most: int) -> int:
    """A round number that is not below."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= most:
                return step * power
        power *= 10
