"""The X or Z of a session on paper: A4 pages, or 80 mm by the browser's own print."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.flows.print_desk_paper import print_session
from bawabati.people.rules import Action, Level
from bawabati.web.public.receipt import PRINT_SCRIPT, PRINT_SCRIPT_HASH
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@saying_why_not
@staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
def session_pdf(request: StaffRequest, language: str, session_id: int) -> HttpResponse:
    """A4, in the language of the page."""
    printed = print_session(session_id=session_id, language=language, staff=request.staff, now=timezone.now())
    return as_pdf(printed.pdf, name=printed.paper.number or "X")


@csp_update({"script-src": [PRINT_SCRIPT_HASH]})
@require_safe
@saying_why_not
@staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
def session_roll(request: StaffRequest, language: str, session_id: int) -> HttpResponse:
    """80 mm, with the browser's print dialog where scripts may run."""
    printed = print_session(session_id=session_id, language=language, staff=request.staff, now=timezone.now())
    context = {"roll": printed.roll, "script": PRINT_SCRIPT}
    return render(request, "web/counter/paper_of_session.html", context)


def as_pdf(document: bytes, *, name: str) -> HttpResponse:
    """A document that the browser shows, kept by nobody on the way."""
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
