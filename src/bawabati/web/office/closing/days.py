"""The days of a month, and one day with its sources, its differences and its certificate."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.companies.reads import find_public_key
from bawabati.flows.close_day import see_company_day
from bawabati.flows.print_closing import print_closing
from bawabati.people.rules import Action
from bawabati.reports.models import CompanyClosing
from bawabati.reports.reads import (
    facts_of,
    find_closing,
    list_closings_between,
    list_keys_of_closings,
    list_late_of,
    list_moved_days,
    next_day_to_close,
)
from bawabati.reports.rules import (
    AgencyOfDay,
    NamedDifference,
    OpenDifference,
    Sums,
    WayOfDay,
    booked_of,
    taken_of,
    text_to_sign,
)
from bawabati.signatures import public_key_pem
from bawabati.web.counter.paper_of_session import as_pdf
from bawabati.web.office.closing.words import difference_word, way_word
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A day of the month. `state` is closed, turn (it can be closed now), waits (for an earlier one) or running."""

    day: date
    moved: Sums
    state: str
    closing: CompanyClosing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """A difference in words. `key` names the field in which it is given to somebody; empty: not on this page."""

    what: str
    difference: OpenDifference | NamedDifference
    promised_on: date | None
    item: int
    key: str
    given: str = ""
    """The login that a form named, when it could not be taken."""


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def month(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The days of a month up to today, the latest first."""
    company_id, today = request.place.company.id, accounting_day(timezone.now())
    turn = next_day_to_close(company_id)
    first = _month_of(request.GET.get("month", "")) or (turn or today).replace(day=1)
    last = min(_next_month(first) - timedelta(days=1), today)
    context = {
        "first": first,
        "turn": turn if turn and turn < today else None,
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": _next_month(first).strftime("%Y-%m") if _next_month(first) <= today else "",
        "days": _days(company_id, first, last, turn, today),
        "has_keys": bool(list_keys_of_closings(company_id)),
    }
    return render(request, "web/office/closing/month.html", context)


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def day(request: StaffRequest, language: str, day: date) -> HttpResponse:  # noqa: ARG001 - of the address
    """A day: as its certificate says when it is closed, else as it stands."""
    return render(request, "web/office/closing/day.html", day_shown(request, day))


@require_safe
@saying_why_not
@staff_page(Action.SEE_CLOSINGS)
def certificate(request: StaffRequest, language: str, day: date) -> HttpResponse:
    """A4, in the language of the address."""
    company = request.place.company
    return as_pdf(print_closing(company_id=company.id, day=day, language=language), name=f"{company.code}-{day}")


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def signed(request: StaffRequest, language: str, day: date) -> HttpResponse:  # noqa: ARG001 - of the address
    """Exactly the text that was signed, for whoever checks it with programs of his own."""
    closing = find_closing(company_id=request.place.company.id, day=day)
    if closing is None:
        raise Http404
    text = text_to_sign(previous_sha256=closing.previous_sha256, facts=closing.facts)
    return _as_text(text, name=f"{request.place.company.code}-{day}.txt")


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def keys(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The public keys that have signed days of the company, the newest first, as PEM."""
    company = request.place.company
    known = [(name, find_public_key(name)) for name in list_keys_of_closings(company.id)]
    text = "".join(f"# {name}\n{public_key_pem(key)}" for name, key in known if key)
    return _as_text(text, name=f"{company.code}-closing-keys.pem")


def day_shown(request: StaffRequest, day: date) -> dict[str, Any]:
    """What the page of a day shows."""
    company_id, today = request.place.company.id, accounting_day(timezone.now())
    closing = find_closing(company_id=company_id, day=day)
    seen = facts_of(closing) if closing else see_company_day(company_id=company_id, day=day)
    return {
        "day": day,
        "closing": closing,
        "may_close": request.may(Action.CLOSE_DAY),
        "state": "closed" if closing else _state(day, next_day_to_close(company_id), today),
        "turn": next_day_to_close(company_id),
        "signature": b64encode(bytes(closing.signature)).decode() if closing else "",
        "seen": seen,
        "ways": [(way_word(way.way), way) for way in seen.ways if _says_something(way)],
        "taken": taken_of(seen.ways),
        "booked": booked_of(seen.ways),
        "filed": [(way_word(one.channel), one) for one in seen.filed],
        "agencies": [(_agency_name(one, request), one) for one in seen.agencies],
        "differences": [_line(one) for one in seen.differences],
        "unowned": sum(1 for one in seen.differences if not one.owner),
        "late": [(date.fromisoformat(one.day), one) for one in seen.late],
        "since": [
            (date.fromisoformat(one.day), one)
            for one in (list_late_of(company_id=company_id, day=day) if closing else ())
        ],
    }


def _line(difference: OpenDifference | NamedDifference) -> DifferenceLine:
    item = getattr(difference, "settlement_id", 0)
    return DifferenceLine(
        what=difference_word(difference),
        difference=difference,
        promised_on=date.fromisoformat(difference.promised_on) if difference.promised_on else None,
        item=item,
        key="" if item or difference.owner else difference.key,
    )


def _says_something(way: WayOfDay) -> bool:
    """What nobody paid by is left out, but for the two ways that every company has."""
    return way.way in {"web", "card"} or way != WayOfDay(
        way=way.way,
        payments=Sums(),
        books=Sums(),
        stamp_duty_payments=0,
        stamp_duty_books=0,
        given_back=Sums(),
        given_back_books=Sums(),
    )


def _agency_name(agency: AgencyOfDay, request: StaffRequest) -> str:
    return agency.name_ar if request.path.startswith("/ar/") else agency.name_fr


def _days(company_id: int, first: date, last: date, turn: date | None, today: date) -> list[DayLine]:
    moved = list_moved_days(company_id=company_id, first=first, last=last)
    closings = {one.day: one for one in list_closings_between(company_id=company_id, first=first, last=last)}
    lines = []
    for ahead in range((last - first).days, -1, -1):
        each = first + timedelta(days=ahead)
        closing = closings.get(each)
        state = "closed" if closing else _state(each, turn, today)
        if state == "before" and each not in moved:
            continue
        lines.append(DayLine(day=each, moved=moved.get(each, Sums()), state=state, closing=closing))
    return lines


def _state(day: date, turn: date | None, today: date) -> str:
    if day >= today:
        return "running"
    if turn is None or day < turn:
        return "before"
    return "turn" if day == turn else "waits"


def _month_of(text: str) -> date | None:
    """The first day of a month like 2026-11; None for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if FIRST_YEAR <= first.year < LAST_YEAR else None


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _as_text(text: str, *, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
