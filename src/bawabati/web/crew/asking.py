"""A number, typed or scanned; and one word, large."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.ask_at_door import AtDoor, ask_at_door
from bawabati.flows.take_round import find_my_round
from bawabati.people.rules import Action
from bawabati.web.counter.scanned import words_scanned
from bawabati.web.crew.phone import mark_phone
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHECK_CUSTOMER)
def ask(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The box, and above it the answer. Of a scanned bill (`?bill=`) the number stands in it already."""
    now, company = timezone.now(), request.place.company
    words = words_scanned(typed_line(request, "words")) if request.method == "POST" else _scanned(request)
    told: AtDoor | None = None
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            told = ask_at_door(
                company_id=company.id,
                agency_id=request.place.of_agency.id if request.place.of_agency else None,
                words=words,
                staff=request.staff,
                now=now,
            )
        except CannotDo as refused:
            error = refused
    context = {
        "told": told,
        "words": "" if told else given_back(words),
        "error": sentence_of(error) if error else "",
        "round": find_my_round(company_id=company.id, staff=request.staff, now=now),
    }
    return mark_phone(render(request, "web/crew/ask.html", context, status=422 if error else 200))


def _scanned(request: StaffRequest) -> str:
    return "".join(letter for letter in typed(request.GET.get("bill", "")) if letter.isprintable()).strip()[:40]
