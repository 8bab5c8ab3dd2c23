"""How payments divide: by way, by card, by hour, by agency; and the debt beside what was collected of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext

from bawabati.companies.reads import count_equipment
from bawabati.money.amount import Money
from bawabati.money.dates import display_day, display_moment
from bawabati.reports.reads import (
    debt_as_of,
    list_agency_figures,
    list_ages_of_debt,
    shares_by_card,
    shares_by_hour,
    shares_by_way,
)
from bawabati.reports.rules import AgencyFigures, Share
from bawabati.web.office.board.asked import Asked
from bawabati.web.office.board.figure import BarRow, Cell, Figure, count, dinars, from_the_right, percent
from bawabati.web.office.board.words import AGES, CARDS, WAYS, called
from bawabati.web.shared.pictures import Given, bars, columns

AGENCIES_DRAWN: Final = 8
"""The others stand in the table."""


def ways(*, company_id: int, asked: Asked) -> Figure:
    """Online, in agencies, through others."""
    shares = sorted(shares_by_way(company_id=company_id, period=asked.period), key=_most_first)
    before = shares_by_way(company_id=company_id, period=asked.beside) if asked.beside else None
    return _divided(
        "ways",
        title=gettext("How people pay"),
        empty=gettext("Nothing was paid in this period."),
        head=gettext("Way"),
        shares=shares,
        before=before,
        asked=asked,
        words=WAYS,
    )


def cards(*, company_id: int, asked: Asked) -> Figure:
    """CIB, Edahabia, not stated: of what was paid by card."""
    shares = sorted(shares_by_card(company_id=company_id, period=asked.period), key=_most_first)
    before = shares_by_card(company_id=company_id, period=asked.beside) if asked.beside else None
    return _divided(
        "cards",
        title=gettext("With which card"),
        empty=gettext("Nothing was paid by card in this period."),
        head=gettext("Card"),
        shares=shares,
        before=before,
        asked=asked,
        words=CARDS,
    )


def hours(*, company_id: int, asked: Asked) -> Figure:
    """At what hour of the day, on clocks in Algiers."""
    shares = shares_by_hour(company_id=company_id, period=asked.period)
    given = [
        Given(
            name=f"{int(share.key)}:00",
            said=f"{int(share.key)}:00–{int(share.key)}:59: {count(share.payments)}",
            value=share.payments,
        )
        for share in shares
    ]
    picture = columns(given, from_the_right=from_the_right())
    whole = sum(share.payments for share in shares)
    busiest = max(shares, key=lambda share: share.payments, default=None)
    outside = sum(share.payments for share in shares if not 8 <= int(share.key) < 16)  # noqa: PLR2004 - agencies' hours
    says = gettext("Nothing was paid in this period.")
    if whole and busiest is not None:
        says = gettext("The busiest hour begins at %(hour)s. Outside 8:00 to 16:00: %(share)s.") % {
            "hour": f"{int(busiest.key)}:00",
            "share": percent(outside, whole),
        }
    return Figure(
        slug="hours",
        title=gettext("Hours of the day"),
        says=says,
        header=(gettext("From"), gettext("Payments"), gettext("Amount")),
        rows=tuple((f"{int(share.key)}:00", share.payments, Money(share.centimes)) for share in shares),
        columns=picture if whole else None,
        scale=tuple(count(mark) for mark in picture.marks),
        scale_says=gettext("Payments"),
    )


def agencies(*, company_id: int, asked: Asked) -> Figure:
    """A ranking of agencies by what their desks took, and how many have a reader."""
    figures = sorted(
        list_agency_figures(company_id=company_id, period=asked.period),
        key=lambda one: (-one.centimes, -one.payments, one.code),
    )
    equipment = count_equipment(company_id)
    before = {}
    if asked.beside:
        before = {one.agency_id: one for one in list_agency_figures(company_id=company_id, period=asked.beside)}
    drawn = [one for one in figures[:AGENCIES_DRAWN] if one.payments]
    lying = bars(
        [one.centimes for one in drawn],
        marks=[before[one.agency_id].centimes if one.agency_id in before else None for one in drawn],
        from_the_right=from_the_right(),
    )
    took = sum(1 for one in figures if one.payments)
    return Figure(
        slug="agencies",
        title=gettext("Agencies"),
        says=gettext("With a card reader: %(equipped)s of %(agencies)s agencies (%(share)s). Took payments: %(took)s.")
        % {
            "equipped": equipment.equipped,
            "agencies": equipment.agencies,
            "share": percent(equipment.equipped, equipment.agencies),
            "took": took,
        },
        header=(
            gettext("Agency"),
            gettext("Code"),
            gettext("Card reader"),
            gettext("Payments"),
            gettext("Amount"),
            *((gettext("Payments then"), gettext("Amount then")) if asked.beside else ()),
        ),
        rows=tuple(_agency_row(one, before.get(one.agency_id), has_more=asked.beside is not None) for one in figures),
        bars=tuple(
            BarRow(
                name=_name_of(one),
                bar=bar,
                value=dinars(one.centimes),
                kind="" if one.has_reader else "without",
            )
            for one, bar in zip(drawn, lying, strict=True)
        ),
        legend=_legend(asked) if drawn else (),
        notes=(
            gettext("All agencies stand in the table; the picture shows the first %(count)s.")
            % {"count": AGENCIES_DRAWN},
        )
        if took > AGENCIES_DRAWN
        else (),
    )


def debt(*, company_id: int, asked: Asked, today: date) -> Figure:
    """What is due, by how late it is, beside what was collected of bills as late in the period."""
    ages = list_ages_of_debt(company_id=company_id, period=asked.period, today=today)
    lying = bars(
        [age.due_centimes for age in ages],
        marks=[age.collected_centimes for age in ages],
        from_the_right=from_the_right(),
    )
    due, collected = sum(age.due_centimes for age in ages), sum(age.collected_centimes for age in ages)
    as_of, title = debt_as_of(company_id), gettext("What is due, and what was collected of it")
    if as_of is None:
        return Figure(slug="debt", title=title, says=gettext("The debt is counted each night."), header=(), rows=())
    return Figure(
        slug="debt",
        title=title,
        says=gettext("Due: %(due)s. Collected in this period: %(collected)s.")
        % {"due": dinars(due), "collected": dinars(collected)},
        header=(gettext("Bills"), gettext("Number"), gettext("Due"), gettext("Paid bills"), gettext("Collected")),
        rows=tuple(
            (
                called(AGES, age.key),
                age.bills,
                Money(age.due_centimes),
                age.collected_bills,
                Money(age.collected_centimes),
            )
            for age in ages
        ),
        bars=tuple(
            BarRow(
                name=called(AGES, age.key),
                bar=bar,
                value=dinars(age.due_centimes),
                more=gettext("collected: %(amount)s") % {"amount": dinars(age.collected_centimes)},
                kind="overdue" if age.key != "not_yet" else "",
            )
            for age, bar in zip(ages, lying, strict=True)
        ),
        notes=(gettext("The debt as it stood on %(moment)s.") % {"moment": display_moment(as_of)},),
        legend=(("overdue", gettext("due")), ("before", gettext("collected of it in this period"))),
    )


def _divided(
    slug: str,
    *,
    title: str,
    empty: str,
    head: str,
    shares: Sequence[Share],
    before: Sequence[Share] | None,
    asked: Asked,
    words: dict[str, str],
) -> Figure:
    """Parts of a whole: each with its share of the payments, the largest named in the sentence."""
    whole = sum(share.payments for share in shares)
    then = {share.key: share for share in before or ()}
    earlier = sum(share.payments for share in before or ())
    lying = bars(
        [share.payments for share in shares],
        of=whole,
        marks=[
            then[share.key].payments * whole // earlier if earlier and share.key in then else None for share in shares
        ],
        from_the_right=from_the_right(),
    )
    largest = max(shares, key=lambda share: share.payments, default=None)
    says = empty
    if whole and largest is not None:
        says = gettext("Most: %(name)s, %(share)s of payments.") % {
            "name": called(words, largest.key),
            "share": percent(largest.payments, whole),
        }
    return Figure(
        slug=slug,
        title=title,
        says=says,
        header=(
            head,
            gettext("Payments"),
            gettext("Amount"),
            gettext("Given back"),
            *((gettext("Payments then"), gettext("Amount then")) if before is not None else ()),
        ),
        legend=_legend(asked) if whole else (),
        rows=tuple(_share_row(share, words, then.get(share.key), has_more=before is not None) for share in shares),
        bars=tuple(
            BarRow(
                name=called(words, share.key),
                bar=bar,
                value=percent(share.payments, whole),
                more=f"{count(share.payments)} · {dinars(share.centimes)}",
                kind=f"is-{share.key or 'unknown'}",
            )
            for share, bar in zip(shares, lying, strict=True)
            if share.payments or share.key in then
        )
        if whole
        else (),
    )


def _most_first(share: Share) -> int:
    return -share.payments


def _legend(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What the marks in the bars are."""
    if asked.beside is None:
        return ()
    return (("before", f"{display_day(asked.beside.first)} – {display_day(asked.beside.last)}"),)


def _share_row(share: Share, words: dict[str, str], then: Share | None, *, has_more: bool) -> tuple[Cell, ...]:
    row: tuple[Cell, ...] = (
        called(words, share.key),
        share.payments,
        Money(share.centimes),
        Money(share.returned_centimes),
    )
    if not has_more:
        return row
    return (*row, then.payments if then else 0, Money(then.centimes if then else 0))


def _agency_row(one: AgencyFigures, then: AgencyFigures | None, *, has_more: bool) -> tuple[Cell, ...]:
    row: tuple[Cell, ...] = (
        _name_of(one),
        one.code,
        gettext("yes") if one.has_reader else gettext("no"),
        one.payments,
        Money(one.centimes),
    )
    if not has_more:
        return row
    return (*row, then.payments if then else 0, Money(then.centimes if then else 0))


def _name_of(one: AgencyFigures) -> str:
    return one.name_ar if get_language() == "ar" else one.name_fr
