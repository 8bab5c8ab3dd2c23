"""Desks and bridges: where they stand, and the one-time code with which a bridge comes."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.companies.models import Agency
from bawabati.companies.reads import find_desk, list_agencies
from bawabati.errors import CannotDo
from bawabati.flows.enrol_bridge import make_enrolment_code
from bawabati.flows.keep_fleet import keep_desk
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


class NoAgencyChosen(CannotDo):
    """The form names no agency of this company, or not what it asks for."""

    code: ClassVar[str] = "no_agency_chosen"
    sentence: ClassVar[str] = "Choose an agency."


class BridgeNameMissing(CannotDo):
    """A bridge is known by its name."""

    code: ClassVar[str] = "bridge_name_missing"
    sentence: ClassVar[str] = "Give the bridge a name, like the agency's code."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.MANAGE_READERS)
def desk(request: StaffRequest, language: str, desk_id: int | None = None) -> HttpResponse:  # noqa: ARG001 - of the address
    """One desk: added, renamed, moved, or taken out of use."""
    company = request.place.company
    known = None if desk_id is None else find_desk(company_id=company.id, desk_id=desk_id)
    if known is None and desk_id is not None:
        raise Http404
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            keep_desk(
                agency=agency_of(request),
                code=known.code if known else typed_line(request, "code").upper(),
                name=typed_line(request, "name"),
                is_active="is_active" in request.POST,
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_readers")
    filled = {name: given_back(str(value)) for name, value in request.POST.items()}
    if request.method != "POST":
        filled = {"agency": str(known.agency_id), "code": known.code, "name": known.name} if known else {}
    context = {
        "desk": known,
        "agencies": list_agencies(company.id),
        "filled": filled,
        "is_active": "is_active" in request.POST if request.method == "POST" else known is None or known.is_active,
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/desk.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.MANAGE_READERS, stepped_up=True)
def bridge(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """A one-time code for a bridge, shown once."""
    context: dict[str, object] = {
        "agencies": list_agencies(request.place.company.id),
        "filled": {name: given_back(str(value)) for name, value in (request.POST or request.GET).items()},
    }
    if request.method != "POST":
        return render(request, "web/office/bridge.html", context)
    try:
        name = typed_line(request, "name")[:60]
        if not name:
            raise BridgeNameMissing
        agency = agency_of(request)
        code = make_enrolment_code(agency=agency, name=name, login=request.staff.login, now=timezone.now())
    except CannotDo as error:
        return render(request, "web/office/bridge.html", context | {"error": sentence_of(error)}, status=422)
    return render(request, "web/office/bridge.html", context | {"code": code, "name": name})


def agency_of(request: StaffRequest) -> Agency:
    """The agency that the form names. Raises NoAgencyChosen."""
    wanted = number_of(typed_line(request, "agency"))
    for agency in list_agencies(request.place.company.id):
        if agency.id == wanted:
            return agency
    raise NoAgencyChosen
