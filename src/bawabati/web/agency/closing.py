"""The head of the agency closes a cashier's session, and signs for the sales that are not over."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from bawabati.desks.reads import find_session
from bawabati.people.rules import Action, Level
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.closing import close_page
from bawabati.web.shared.who import StaffRequest, staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SIGN_CLOSING, at=Level.AGENCY)
def close(request: StaffRequest, language: str, session_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The same blind count; what is being checked can be handed over to the agency."""
    session = find_session(session_id)
    if session is None or session.agency_id != request.place.agency.id:
        raise Http404
    return close_page(request, session, template="web/agency/closing.html") or to("counter_z", session.id)
