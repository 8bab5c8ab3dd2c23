"""A cashier sits down at a desk and counts what is in the drawer."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.companies.reads import list_desks, list_readers
from bawabati.desks.reads import find_open_session, list_open_sessions
from bawabati.errors import CannotDo
from bawabati.flows.open_session import open_session
from bawabati.money.amount import ZERO
from bawabati.people.rules import Action, Level
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.counting import counted, rows_of
from bawabati.web.counter.links import number_of
from bawabati.web.shared.lights import light_of_reader
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


class NoDeskChosen(CannotDo):
    """No desk is ticked, or none of this agency."""

    code: ClassVar[str] = "no_desk_chosen"
    sentence: ClassVar[str] = "Choose the desk at which you work."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
def opening(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Which desk, and the float by notes and coins. Whoever has a session open goes on with it."""
    if find_open_session(request.staff.id) is not None:
        return to("counter")
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            desk_id = _desk_id(request)
            open_session(desk_id=desk_id, counted=counted(request), staff=request.staff, now=timezone.now())
        except CannotDo as refused:
            error = refused
        else:
            return to("counter")
    return render(request, "web/counter/opening.html", _context(request, error), status=422 if error else 200)


def _context(request: StaffRequest, error: CannotDo | None) -> dict[str, object]:
    now, agency = timezone.now(), request.place.agency
    sessions = {session.desk_id: session for session in list_open_sessions(agency.id)}
    readers = {reader.desk_id: reader for reader in list_readers(agency_id=agency.id)}
    desks = [
        (desk, sessions.get(desk.id), light_of_reader(readers.get(desk.id), now=now))
        for desk in list_desks(agency_id=agency.id)
    ]
    free = [desk.id for desk, session, _light in desks if session is None]
    chosen = number_of(request.POST.get("desk", "")) or (free[0] if free else 0)
    return {
        "desks": desks,
        "chosen": chosen,
        "is_any_free": bool(free),
        "rows": rows_of(request),
        "zero": ZERO,
        "error": sentence_of(error) if error else "",
    }


def _desk_id(request: StaffRequest) -> int:
    """One of this agency's desks."""
    wanted = number_of(request.POST.get("desk", ""))
    if wanted not in {desk.id for desk in list_desks(agency_id=request.place.agency.id)}:
        raise NoDeskChosen
    return wanted
