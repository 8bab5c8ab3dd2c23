"""The company's agencies: added, described, closed and opened."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.models import Agency
from bawabati.companies.reads import list_agencies, list_equipped_agency_ids
from bawabati.errors import CannotDo
from bawabati.flows.keep_agency import AgencyFacts, keep_agency
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.companies.fields import error_above, shown_fields
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.who import StaffRequest, staff_page

_TEXTS: Final = ("name_ar", "name_fr", "commune_ar", "commune_fr", "address", "phone")
_KINDS: Final = {**dict.fromkeys(_TEXTS, "text"), "is_open": "flag"}


@require_safe
@staff_page(Action.SEE_COMPANY)
def agencies(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """All of them, open and closed, and which have a card reader."""
    company = request.place.company
    context = {
        "agencies": list_agencies(company.id),
        "equipped": list_equipped_agency_ids(company.id),
        "may_change": request.may(Action.CHANGE_COMPANY),
    }
    return render(request, "web/office/companies/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def agency(request: StaffRequest, language: str, agency_id: int | None = None) -> HttpResponse:  # noqa: ARG001 - of the address
    """One of them, or a new one."""
    known = _known(request, agency_id) if agency_id is not None else None
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            keep_agency(
                company_id=request.place.company.id,
                facts=AgencyFacts(
                    code=known.code if known else typed_line(request, "code"),
                    **{name: typed_line(request, name) for name in _TEXTS},
                ),
                is_open="is_open" in request.POST,
                is_new=known is None,
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_agencies")
    kinds = _KINDS if known else {"code": "text", **_KINDS}
    kept = {name: getattr(known, name) if known else name == "is_open" or "" for name in kinds}
    context = {
        "agency": known,
        "fields": shown_fields(request, kinds, kept=kept, error=error),
        "error": error_above(error),
    }
    return render(request, "web/office/companies/agency.html", context, status=422 if error else 200)


def _known(request: StaffRequest, agency_id: int) -> Agency:
    for row in list_agencies(request.place.company.id):
        if row.id == agency_id:
            return row
    raise Http404
