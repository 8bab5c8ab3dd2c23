"""The signed day on paper, and numbers that no bridge will tell of any more."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.desks.reads import find_block, find_closing, list_blocks_not_returned
from bawabati.errors import CannotDo
from bawabati.flows.print_desk_paper import print_day
from bawabati.flows.void_block import void_block
from bawabati.people.rules import Action, Level
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.paper_of_session import as_pdf
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

LONGEST = 18
"""Digits of an identifier that the database can hold."""


@require_safe
@saying_why_not
@staff_page(Action.SIGN_CLOSING, at=Level.AGENCY)
def day_pdf(request: StaffRequest, language: str, on: str) -> HttpResponse:
    """A4, in the language of the page."""
    try:
        closing = find_closing(agency_id=request.place.agency.id, day=date.fromisoformat(on))
    except ValueError:
        raise Http404 from None
    if closing is None:
        raise Http404
    printed = print_day(closing_id=closing.id, language=language, staff=request.staff)
    return as_pdf(printed.pdf, name=on)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SIGN_CLOSING, at=Level.AGENCY)
def blocks(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Blocks whose numbers have not all come back; posted with a reason, what is left of one is void."""
    error = ""
    if request.method == "POST":
        try:
            void_block(
                block_id=_block_of(request),
                because=typed_line(request, "because"),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = sentence_of(refused)
        else:
            return to("agency_blocks")
    context = {"blocks": list_blocks_not_returned(request.place.agency.id), "error": error}
    return render(request, "web/agency/blocks.html", context, status=422 if error else 200)


def _block_of(request: StaffRequest) -> int:
    """The block that was named. Raises Http404 when it is not one of this agency."""
    text = typed_line(request, "block")
    known = find_block(int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
    if known is None or known.agency_id != request.place.agency.id:
        raise Http404
    return known.id
