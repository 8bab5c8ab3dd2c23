"""The day's list for where there is no network, the page that reads it there, and the script that keeps both.

Decision: docs/decisions/0048-a-list-that-works-without-a-network.md
"""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.take_round import take_round
from bawabati.money.dates import display_day, display_moment
from bawabati.money.display import with_currency
from bawabati.people.rules import Action
from bawabati.reminders.rules import Door
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

KEPT = ("web/portal.css", "web/staff.css", "web/crew.css", "web/crew.js")


@require_POST
@staff_page(Action.CHECK_CUSTOMER)
def take(request: StaffRequest, language: str) -> HttpResponse:
    """What the phone keeps until the day ends: no name, and no number that can be read."""
    try:
        taken = take_round(
            company_id=request.place.company.id,
            agency_id=request.place.of_agency.id if request.place.of_agency else None,
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as refused:
        return JsonResponse({"error": sentence_of(refused)}, status=422)
    rows = {
        digest: [
            answer.door.value,
            with_currency(answer.left, language) if answer.door is Door.NOT_PAID else "",
            display_day(answer.since) if answer.since else "",
        ]
        for digest, answer in taken.rows.items()
    }
    return JsonResponse(
        {
            "as_of": display_moment(taken.as_of),
            "good_until": taken.good_until.isoformat(),
            "salt": taken.salt,
            "rounds": taken.hashed_rounds,
            "rows": rows,
        }
    )


@require_safe
@staff_page(Action.CHECK_CUSTOMER)
def shell(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The page that answers from the list. It holds nothing of anybody."""
    return render(request, "web/crew/offline.html", {"staff": None})


@require_safe
@staff_page(Action.CHECK_CUSTOMER)
def worker(request: StaffRequest, language: str) -> HttpResponse:
    """The service worker of this language's crew pages: it answers there when nobody else does."""
    files = [reverse("crew_offline", args=[get_language()]), *(static(name) for name in KEPT)]
    context = {
        "shell": files[0],
        "page": reverse("crew", args=[language]),
        "files": files,
        "version": sha256(" ".join(files).encode()).hexdigest()[:12],
    }
    return render(request, "web/crew/worker.js", context, content_type="text/javascript")
