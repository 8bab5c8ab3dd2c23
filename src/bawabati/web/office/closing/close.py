"""Closing a day, after a second factor just now: each difference is given to somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.close_day import close_company_day
from bawabati.people.reads import list_people
from bawabati.people.rules import ALLOWED, Action
from bawabati.reports.reads import find_closing
from bawabati.web.counter.at_desk import to
from bawabati.web.office.closing.days import day_shown
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

OWNER_OF = "owner:"
"""A field of the form that gives a difference to somebody is named by this and the difference's key."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CLOSE_DAY, stepped_up=True)
def close(request: StaffRequest, language: str, day: date) -> HttpResponse:  # noqa: ARG001 - of the address
    """What will be signed; posted, the day is closed for good."""
    error = ""
    if request.method == "POST":
        owners = {
            name.removeprefix(OWNER_OF): typed_line(request, name) for name in request.POST if name.startswith(OWNER_OF)
        }
        try:
            close_company_day(
                company_id=request.place.company.id,
                day=day,
                staff=request.staff,
                owners=owners,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = sentence_of(refused)
        else:
            return to("office_closing_day", day)
    if find_closing(company_id=request.place.company.id, day=day):
        return to("office_closing_day", day)
    shown = day_shown(request, day)
    context = {
        **shown,
        "differences": [
            replace(line, given=given_back(request.POST.get(f"{OWNER_OF}{line.key}", "")))
            for line in shown["differences"]
        ],
        "error": error,
        "owners": _owners(request.place.company.id),
    }
    return render(request, "web/office/closing/close.html", context, status=422 if error else 200)


def _owners(company_id: int) -> list[tuple[str, str]]:
    """Login and name of everybody who may own a case of the company as a whole."""
    people = list_people(company_id)
    may = {each.staff for each in people if each.agency_id is None and each.role in ALLOWED[Action.OWN_CASE]}
    return sorted((each.login, each.name) for each in may if each.is_active)
