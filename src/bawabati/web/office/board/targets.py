"""Targets: set, seen beside what was reached, withdrawn; and everything that was ever said about them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bawabati.errors import CannotDo
from bawabati.flows.set_target import set_target, withdraw_target
from bawabati.people.rules import Action
from bawabati.reports.reads import list_words_about_targets
from bawabati.reports.rules import Measure, Period, TargetPeriodWrong, TargetWrong
from bawabati.web.counter.at_desk import to
from bawabati.web.office.board.figure import from_the_right
from bawabati.web.office.board.goals import list_goals
from bawabati.web.office.board.trend import shown
from bawabati.web.office.board.words import MEASURES, PACES, called
from bawabati.web.public.typed import given_back
from bawabati.web.shared.pictures import bars
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

WORDS_SHOWN: Final = 100
MOST_DIGITS: Final = 15


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_BOARD)
def targets(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The list, and the form for whoever may set one."""
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            measure = _measure(typed_line(request, "measure"))
            set_target(
                company_id=request.place.company.id,
                measure=measure,
                period=Period(first=_day(request, "from"), last=_day(request, "to")),
                wanted=_wanted(typed_line(request, "wanted"), measure),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_targets")
    return _page(request, error)


@require_POST
@saying_why_not
@staff_page(Action.KEEP_TARGETS)
def withdraw(request: StaffRequest, language: str, target_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """It no longer counts."""
    withdraw_target(company_id=request.place.company.id, target_id=target_id, staff=request.staff, now=timezone.now())
    return to("office_targets")


def _page(request: StaffRequest, error: CannotDo | None) -> HttpResponse:
    company_id = request.place.company.id
    listed = list_goals(company_id=company_id, today=accounting_day(timezone.now()))
    context = {
        "goals": [
            (
                goal,
                called(MEASURES, goal.measure),
                called(PACES, goal.standing.pace),
                bars(
                    [goal.standing.reached],
                    of=goal.standing.wanted,
                    marks=[goal.standing.wanted_by_now],
                    from_the_right=from_the_right(),
                )[0],
            )
            for goal in listed
        ],
        "words": [
            (
                target,
                called(MEASURES, target.measure),
                shown(target.wanted, Measure(target.measure)) if target.wanted else "",
            )
            for target in list_words_about_targets(company_id=company_id, at_most=WORDS_SHOWN)
        ],
        "measures": [(value, gettext(words)) for value, words in MEASURES.items()],
        "may_keep": request.may(Action.KEEP_TARGETS),
        "filled": {name: given_back(str(value)) for name, value in request.POST.items()},
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/board/targets.html", context, status=422 if error else 200)


def _measure(text: str) -> Measure:
    """Raises TargetWrong."""
    if text not in set(Measure):
        raise TargetWrong
    return Measure(text)


def _wanted(text: str, measure: Measure) -> int:
    """What was typed; of an amount, dinars. Groups may be parted. Raises TargetWrong."""
    digits = "".join(letter for letter in text if letter not in " \u00a0\u202f.,")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        raise TargetWrong
    return int(digits) * (100 if measure is Measure.AMOUNT else 1)


def _day(request: StaffRequest, name: str) -> date:
    """Raises TargetPeriodWrong."""
    try:
        return date.fromisoformat(typed_line(request, name))
    except ValueError:
        raise TargetPeriodWrong from None
