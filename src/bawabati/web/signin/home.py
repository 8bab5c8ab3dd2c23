"""The first page of somebody who works here, and where he works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.models import Company
from bawabati.companies.reads import get_agency, get_company
from bawabati.people.reads import list_places, list_places_allowing
from bawabati.people.rules import Action, Level, Where
from bawabati.web.office.sections import menu
from bawabati.web.shared.staff_session import place_of, work_at
from bawabati.web.shared.who import StaffRequest, refused, staff_page
from bawabati.web.signin.to import there, wanted

WAYS: Final = {
    Action.TAKE_PAYMENT: Level.AGENCY,
    Action.SEE_AGENCY: Level.AGENCY,
    Action.CHECK_CUSTOMER: Level.COMPANY,
}
"""The ways on from the first page: the act that each is for, and how much of a company it is about. Beside them, every
section of the office."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place in a list to choose from; `value` is its place in that list."""

    value: int
    company: str
    agency: str
    is_present: bool


@require_safe
@staff_page(None, at=Level.ANYWHERE)
def home(request: StaffRequest, language: str) -> HttpResponse:
    """Who is signed in, as what, where; and the ways on."""
    staff_id = request.staff.id

    def may_somewhere(action: Action, level: Level = Level.COMPANY) -> bool:
        return bool(list_places_allowing(action, staff_id=staff_id, at=level))

    context = {
        "roles": list_places(staff_id),
        "may": {act.value: may_somewhere(act, level) for act, level in WAYS.items()},
        "office": menu(language=language, path=request.path, may=may_somewhere),
    }
    return render(request, "web/staff/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(None, at=Level.ANYWHERE)
def place(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Where a person works who may in several places: for one act (`?for=…&at=…`), or in general."""
    places = _places(request)
    if not places:
        return refused(request)
    if request.method == "POST":
        chosen = request.POST.get("place", "")
        if chosen.isdecimal() and chosen.isascii() and int(chosen[:6]) < len(places):
            work_at(request, places[int(chosen[:6])])
            return there(wanted(request))
    context = {"choices": [_choice(request, *item) for item in enumerate(places)], "to": wanted(request)}
    return render(request, "web/staff/place.html", context)


def _places(request: StaffRequest) -> list[Where]:
    asked, at = request.GET.get("for", ""), request.GET.get("at", "")
    if asked in set(Action) and at in set(Level):
        return list_places_allowing(Action(asked), staff_id=request.staff.id, at=Level(at))
    found: dict[Where, None] = {}
    for action in Action:
        for level in (Level.COMPANY, Level.AGENCY):
            found |= dict.fromkeys(list_places_allowing(action, staff_id=request.staff.id, at=level))
    return list(found)


def _choice(request: HttpRequest, value: int, where: Where) -> Choice:
    company = get_company(where.company_id) if where.company_id else None
    agency = get_agency(where.agency_id) if where.agency_id else None
    language = get_language()
    name = "" if agency is None else agency.name_ar if language == "ar" else agency.name_fr
    return Choice(value, _name(company, language), name, where == place_of(request))


def _name(company: Company | None, language: str | None) -> str:
    return "" if company is None else str(getattr(company, f"name_{language}"))
