"""A paper with the secret address of a payer's page, for whoever has lost it and stands at the counter."""

from __future__ import annotations

import segno
from csp.decorators import csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.reads import find_agreement
from bawabati.bills.rules import OPEN_AGREEMENTS
from bawabati.flows.give_agreement_address import give_agreement_address
from bawabati.links import TOKEN_LENGTH
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.public.receipt import PRINT_SCRIPT, PRINT_SCRIPT_HASH
from bawabati.web.shared.frame import direction_of
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day


@csp_update({"script-src": [PRINT_SCRIPT_HASH]})
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.DECIDE_INSTALMENTS)
def paper(request: StaffRequest, language: str, agreement_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Posted, the paper in the language `in`. That it was opened is written down, so nothing but a form opens it."""
    found = find_agreement(agreement_id, company_id=request.place.company.id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return to("office_agreement", found.id)
    tongue = request.POST.get("in", found.language)
    if tongue not in LANGUAGE_NAMES:
        raise Http404
    now = timezone.now()
    address = give_agreement_address(agreement=found, language=tongue, login=request.staff.login, now=now)
    secret = address[-TOKEN_LENGTH - 1 :]
    context = {
        "agreement": found,
        "state": found.state,
        "is_open": found.state in OPEN_AGREEMENTS,
        "today": accounting_day(now),
        "address": address.removesuffix(secret),
        "secret": secret,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff"),
        "paper_language": tongue,
        "paper_direction": direction_of(tongue),
        "script": PRINT_SCRIPT,
    }
    return render(request, "web/office/instalments/paper.html", context)
