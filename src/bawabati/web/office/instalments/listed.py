"""Agreements of a company, the newest first; and what of them waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.bills.models import Agreement
from bawabati.bills.reads import count_agreements, list_agreements
from bawabati.bills.rules import AgreementState
from bawabati.people.rules import Action
from bawabati.web.office.instalments.words import STATES
from bawabati.web.office.payments.words import words
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

FILTERS: Final = (Filter("state", _("State"), Kind.CHOICE, choices=tuple(STATES.items())),)
COUNTED: Final = (AgreementState.ASKED, AgreementState.LATE, AgreementState.OFFERED, AgreementState.RUNNING)


@dataclass(frozen=True, slots=True)
class Line:
    """An agreement as the list shows it."""

    agreement: Agreement
    state: str


@require_safe
@staff_page(Action.SEE_INSTALMENTS)
def agreements(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """All of the company."""
    company = request.place.company
    asked = read_filters(request, FILTERS)
    states = [asked.word("state")] if asked.word("state") else []
    page = list_agreements(company_id=company.id, states=states, at=place_in_list(request))
    counted = count_agreements(company.id)
    context = {
        "asked": asked,
        "page": page.of(lambda one: Line(one, words(STATES, one.state))),
        "waiting": [(state.value, words(STATES, state), counted[state]) for state in COUNTED if counted.get(state)],
        "may_change": request.may(Action.CHANGE_COMPANY),
    }
    return render(request, "web/office/instalments/list.html", context, status=422 if asked.errors else 200)
