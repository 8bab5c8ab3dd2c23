"""The morning page: as PDF now, and by e-mail for whoever chooses it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bawabati.flows.choose_morning_page import choose_morning_page
from bawabati.flows.print_morning_page import print_morning_page
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.paper_of_session import as_pdf
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day


@require_POST
@staff_page(Action.HAVE_MORNING_PAGE)
def choose(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """From tomorrow on, or no longer."""
    choose_morning_page(
        company_id=request.place.company.id,
        wants="wants" in request.POST,
        staff=request.staff,
        now=timezone.now(),
    )
    return to("office_board")


@require_safe
@staff_page(Action.SEE_BOARD)
def paper(request: StaffRequest, language: str) -> HttpResponse:
    """The page of this morning, in the language of the address."""
    company, now = request.place.company, timezone.now()
    document = print_morning_page(company=company, language=language, now=now)
    return as_pdf(document, name=f"{company.code}-{accounting_day(now)}")
