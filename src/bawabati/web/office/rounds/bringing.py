"""The agency head or the finance officer brings a crew's round in, as a file or as typed numbers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.bring_round import Brought, bring_round
from bawabati.people.models import Staff
from bawabati.people.reads import list_who_may
from bawabati.people.rules import Action
from bawabati.reminders.reads import list_rounds
from bawabati.reminders.rules import MOST_CUSTOMERS
from bawabati.web.counter.links import number_of
from bawabati.web.public.typed import may_be_a_card
from bawabati.web.shared.lists import place_in_list
from bawabati.web.shared.resolving import typed_day, typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

LARGEST_FILE: Final = 200_000
UNKNOWN_SHOWN: Final = 20


class NobodyChosen(CannotDo):
    """For whom it is."""

    code: ClassVar[str] = "nobody_of_the_crew_chosen"
    sentence: ClassVar[str] = "Choose who of the crew goes on this round."


class RoundNotReadable(CannotDo):
    """A spreadsheet, or no text at all."""

    code: ClassVar[str] = "round_not_readable"
    sentence: ClassVar[str] = "This file is not a text. Save the list as CSV, or copy the numbers into the field."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_ROUNDS)
def rounds(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form, and the rounds that were brought."""
    company, now = request.place.company, timezone.now()
    crews = list_who_may(Action.CHECK_CUSTOMER, company_id=company.id)
    brought: Brought | None = None
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            brought = bring_round(
                company_id=company.id,
                agency_id=request.place.of_agency.id if request.place.of_agency else None,
                day=typed_day(request, "day"),
                crew=_chosen(request, crews),
                text=_text(request),
                staff=request.staff,
                now=now,
            )
        except CannotDo as refused:
            error = refused
    numbers = request.POST.get("numbers", "")[: 40 * MOST_CUSTOMERS]
    context = {
        "crews": crews,
        "chosen": number_of(typed_line(request, "crew")),
        "day": _day_typed(request) or accounting_day(now),
        "numbers": "" if brought or may_be_a_card(numbers) else numbers,
        "most": MOST_CUSTOMERS,
        "brought": brought,
        "unknown": brought.unknown[:UNKNOWN_SHOWN] if brought else (),
        "page": list_rounds(company_id=company.id, at=place_in_list(request)),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/rounds/rounds.html", context, status=422 if error else 200)


def _chosen(request: StaffRequest, crews: list[Staff]) -> Staff:
    wanted = number_of(typed_line(request, "crew"))
    chosen = next((person for person in crews if person.id == wanted), None)
    if chosen is None:
        raise NobodyChosen
    return chosen


def _text(request: StaffRequest) -> str:
    """What was typed, and the file if one was chosen; in UTF-8, or as older Arabic programs write."""
    file = request.FILES.get("file")
    typed = request.POST.get("numbers", "")
    if not isinstance(file, UploadedFile):
        return typed
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE or b"\0" in content:
        raise RoundNotReadable
    try:
        return f"{typed}\n{content.decode('utf-8-sig')}"
    except UnicodeDecodeError:
        return f"{typed}\n{content.decode('cp1256', errors='replace')}"


def _day_typed(request: StaffRequest) -> date | None:
    try:
        return date.fromisoformat(typed_line(request, "day"))
    except ValueError:
        return None
