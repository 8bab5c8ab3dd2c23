"""The company at a glance, and whether payers may begin."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from bawabati.companies.models import Company
from bawabati.companies.reads import count_equipment, find_active_gateway_account
from bawabati.companies.rules import ACCEPTED, IDENTITY, NumberFormat, SurplusBecomes, TextKind
from bawabati.errors import CannotDo
from bawabati.flows.change_company import OPENING, close_company, look_of, open_company
from bawabati.links import site
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.companies.fields import LABELS
from bawabati.web.office.companies.numbers import words_of_format
from bawabati.web.office.companies.parts import BECOMES, logo_address
from bawabati.web.office.companies.ready import missing_of
from bawabati.web.office.texts.overview import standing_of
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.wilayas import wilayas_of


@require_safe
@staff_page(Action.SEE_COMPANY)
def company(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything that the company sets for itself, and what is missing."""
    return _page(request)


@require_POST
@staff_page(Action.CHANGE_COMPANY)
def opening(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Opens the company to new payments, or closes it to them."""
    change = open_company if typed_line(request, "act") == "open" else close_company
    try:
        change(
            company_id=request.place.company.id,
            because=typed_line(request, "because"),
            seen=typed_line(request, "seen"),
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as error:
        return _page(request, error)
    return to("office_company")


def _page(request: StaffRequest, error: CannotDo | None = None) -> HttpResponse:
    row = request.place.company
    context = {
        "row": row,
        "identity": [(gettext(LABELS[column]), getattr(row, column)) for column in IDENTITY],
        "format_words": words_of_format(NumberFormat.from_json(row.number_format)),
        "logo": logo_address(row),
        "equipment": count_equipment(row.id),
        "becomes": gettext(BECOMES[SurplusBecomes(row.surplus_becomes)]),
        "yes_no": f"{gettext('yes')},{gettext('no')}",
        "account": find_active_gateway_account(row.id),
        "warnings": _warnings(row) if row.is_open else [],
        "missing": missing_of(row),
        "address": site(row.host_name) + reverse("company", args=[get_language(), row.code]),
        "wilayas": wilayas_of(row.wilayas),
        "seen": look_of(row, OPENING),
        "because": given_back(typed_line(request, "because")),
        "error": sentence_of(error) if error else "",
        "may_change": request.may(Action.CHANGE_COMPANY),
        "may_gateway": request.may(Action.APPROVE_GATEWAY_CHANGE),
        "may_host": request.may_nationally(Action.ADD_COMPANY),
        "may_texts": request.may(Action.SEE_TEXTS),
    }
    return render(request, "web/office/companies/company.html", context, status=422 if error else 200)


def _warnings(row: Company) -> list[str]:
    """What a payer would stumble over."""
    now = timezone.now()
    standings = [standing_of(kind, company_id=row.id, now=now) for kind in TextKind]
    found = [
        gettext("%(text)s: missing in %(languages)s.")
        % {"text": standing.title, "languages": " · ".join(standing.missing)}
        for standing in standings
        if standing.missing and (standing.kind in ACCEPTED or len(standing.missing) < len(standing.holding))
    ]
    if find_active_gateway_account(row.id) is None:
        found.append(gettext("There is no merchant account: nobody can pay by card."))
    return found
