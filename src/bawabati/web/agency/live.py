"""The agency at a glance: desks, readers, bridges, and sales of which nobody knows yet what became."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.companies.models import Agency
from bawabati.companies.reads import list_bridges, list_desks, list_readers
from bawabati.desks.reads import list_open_sessions
from bawabati.payments.reads import list_sales_being_checked
from bawabati.payments.rules.sales import SaleState
from bawabati.people.rules import Action, Level
from bawabati.web.shared.lights import light_of_bridge, light_of_reader
from bawabati.web.shared.who import StaffRequest, staff_page

LOOKS_AGAIN_SECONDS = 3
WITHOUT_SCRIPTS_SECONDS = 15


@require_safe
@staff_page(Action.SEE_AGENCY, at=Level.AGENCY)
def live(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything that is open now. It looks again by itself."""
    agency, now = request.place.agency, timezone.now()
    seen = _seen(agency, now)
    around = {
        "mark": _mark(seen),
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
        "without_scripts_seconds": WITHOUT_SCRIPTS_SECONDS,
        "may_sign": request.may(Action.SIGN_CLOSING),
        "may_release": request.may(Action.RELEASE_HOLD),
    }
    return render(request, "web/agency/live.html", seen | around)


@require_safe
@staff_page(Action.SEE_AGENCY, at=Level.AGENCY)
def look(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Whether the page above would look otherwise now, for its own script."""
    return JsonResponse({"mark": _mark(_seen(request.place.agency, timezone.now()))})


def _seen(agency: Agency, now: datetime) -> dict[str, object]:
    sessions = {session.desk_id: session for session in list_open_sessions(agency.id)}
    readers = list_readers(agency_id=agency.id)
    of_desk = {reader.desk_id: reader for reader in readers if reader.desk_id}
    checking = list_sales_being_checked(agency_id=agency.id)
    return {
        "desks": [
            (desk, sessions.get(desk.id), of_desk.get(desk.id), light_of_reader(of_desk.get(desk.id), now=now))
            for desk in list_desks(agency_id=agency.id)
        ],
        "spare_readers": [(reader, light_of_reader(reader, now=now)) for reader in readers if not reader.desk_id],
        "bridges": [(bridge, light_of_bridge(bridge, now=now)) for bridge in list_bridges(agency_id=agency.id)],
        "review": [sale for sale in checking if sale.state == SaleState.REVIEW],
        "checking": [sale for sale in checking if sale.state != SaleState.REVIEW],
    }


def _mark(seen: Mapping[str, object]) -> str:
    """Changes with what the page shows, its ages left out."""
    return sha256(repr(_told(seen)).encode()).hexdigest()[:16]


def _told(value: object) -> object:
    """What tells one state of the page from another: rows by what people see of them."""
    match value:
        case dict():
            return [(name, _told(part)) for name, part in value.items()]
        case list() | tuple():
            return [_told(part) for part in value]
        case _:
            shown = ("id", "state", "event_count", "proposed", "last_status", "printer_status", "waiting_results")
            return [str(getattr(value, name, "")) for name in shown] + [str(value)]
