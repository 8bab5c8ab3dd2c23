"""Somebody says at a desk that he wants no more reminders."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.end_reminders import end_reminders_at_desk
from bawabati.people.rules import Action
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.STOP_REMINDERS)
def stop(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """By the code of a message, a telephone number or an e-mail address."""
    words, error = typed_line(request, "words"), None
    if request.method == "POST":
        try:
            end_reminders_at_desk(
                company_id=request.place.company.id,
                agency_id=request.place.of_agency.id if request.place.of_agency else None,
                words=words,
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
    context = {
        "words": given_back(words) if error else "",
        "error": sentence_of(error) if error else "",
        "is_done": request.method == "POST" and error is None,
    }
    return render(request, "web/office/reminders/stop.html", context, status=422 if error else 200)
