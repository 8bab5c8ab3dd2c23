"""The agency's day: its Z reports, summed and signed."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.desks.reads import (
    day_report_of,
    find_closing,
    list_closings,
    list_open_sessions,
    list_z_of_day,
    report_of,
)
from bawabati.desks.rules import UnknownSalesToSign
from bawabati.errors import CannotDo
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.people.rules import Action, Level
from bawabati.web.counter.at_desk import to
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

LISTED = 14


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SIGN_CLOSING, at=Level.AGENCY)
def day(request: StaffRequest, language: str, on: str = "") -> HttpResponse:  # noqa: ARG001 - of the address
    """The day with its sessions; posted, it is signed for good."""
    which = _day(on)
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            close_agency_day(
                agency_id=request.place.agency.id,
                day=which,
                staff=request.staff,
                now=timezone.now(),
                signs_unknown="signs_unknown" in request.POST,
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("agency_day_of", which.isoformat())
    return _page(request, which, error)


def _page(request: StaffRequest, which: date, error: CannotDo | None) -> HttpResponse:
    agency = request.place.agency
    closing = find_closing(agency_id=agency.id, day=which)
    context = {
        "which": which,
        "closing": closing,
        "report": day_report_of(closing) if closing else None,
        "z_reports": [(z, report_of(z)) for z in list_z_of_day(agency_id=agency.id, day=which)],
        "open_sessions": list_open_sessions(agency.id),
        "closings": list_closings(agency_id=agency.id, at_most=LISTED),
        "asks_for_unknown": isinstance(error, UnknownSalesToSign),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/agency/day.html", context, status=422 if error else 200)


def _day(on: str) -> date:
    """The day of the address; today without one. Raises Http404."""
    if not on:
        return accounting_day(timezone.now())
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
