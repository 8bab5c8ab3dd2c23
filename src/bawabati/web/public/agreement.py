"""The page of somebody who has asked for instalments: how it stands, what is to be paid when, and what may be done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.models import Agreement, Bill
from bawabati.bills.reads import (
    company_of_agreement,
    facts_of,
    find_agreement,
    find_agreement_email,
    list_tranches,
)
from bawabati.bills.rules import HAS_TRANCHES, WAITING_AGREEMENTS
from bawabati.errors import CannotDo
from bawabati.flows.ask_instalments import accept_offer, ask_again, take_back_wish
from bawabati.flows.steps.agreement_moves import debt_of
from bawabati.links import Purpose, read_link_token
from bawabati.money.amount import Money
from bawabati.payments.reads import find_hold
from bawabati.web.public.bill_link import bill_address
from bawabati.web.shared.companies import in_its_company
from bawabati.web.shared.given_numbers import given_number
from bawabati.web.shared.planned_instalments import planned_or_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.workdays import accounting_day


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def agreement(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """How it stands. Posted, its payer accepts what is offered, or takes the wish back."""
    agreement_id = in_its_company(read_link_token(Purpose.AGREEMENT, token), company_of_agreement)
    found = find_agreement(agreement_id) if agreement_id is not None else None
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found, language)
    try:
        _act(request, found)
    except CannotDo as error:
        return _page(request, find_agreement(found.id) or found, language, error)
    return HttpResponseRedirect(request.path, status=303)


def _act(request: HttpRequest, found: Agreement) -> None:
    """Raises AgreementMoved, DebtChanged, DebtHasGrown, BillsBeingPaid, and what `plan` raises."""
    seen, seen_debt = given_number(request.POST.get("seen", "")), Money(given_number(request.POST.get("debt", "")))
    now = timezone.now()
    match request.POST.get("act"):
        case "accept":
            accept_offer(
                agreement_id=found.id, customer_id=found.customer_id, seen_events=seen, seen_debt=seen_debt, now=now
            )
        case "ask_again":
            ask_again(agreement_id=found.id, seen_events=seen, seen_debt=seen_debt, now=now)
        case "take_back":
            take_back_wish(agreement_id=found.id, seen_events=seen, now=now)


def _page(request: HttpRequest, found: Agreement, language: str, error: CannotDo | None = None) -> HttpResponse:
    tranches = list_tranches(found.id)
    next_one = next((one for one in tranches if facts_of(one).left), None) if found.state in HAS_TRANCHES else None
    asked_for = Money(found.total_centimes)
    debt = debt_of(found.customer_id) if found.state in WAITING_AGREEMENTS else asked_for
    planned, cannot = planned_or_why_not(found, debt) if found.state in WAITING_AGREEMENTS else ((), "")
    context = {
        "company": found.company,
        "agreement": found,
        "state": found.state,
        "is_open": found.state in HAS_TRANCHES,
        "tranches": [_shown(one) for one in tranches],
        "planned": planned,
        "cannot": cannot,
        "total": asked_for,
        "debt": debt,
        "has_changed": debt != asked_for,
        "has_grown": debt > asked_for,
        "next": _shown(next_one) if next_one else None,
        "next_address": bill_address(company=found.company, bill_id=next_one.id, language=language) if next_one else "",
        "is_held": next_one is not None and find_hold(next_one.id) is not None,
        "has_email": bool(find_agreement_email(found.id)),
        "error": sentence_of(error) if error else "",
    }
    response = render(request, "web/agreement.html", context, status=409 if error else 200)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _shown(tranche: Bill) -> dict[str, object]:
    facts = facts_of(tranche)
    return {
        "place": tranche.tranche_place,
        "due_on": tranche.due_on,
        "due": facts.due,
        "left": facts.left,
        "number": tranche.payment_number,
        "is_paid": not facts.left,
        "settled_at": tranche.settled_at,
        "is_late": bool(facts.left) and tranche.due_on < accounting_day(timezone.now()),
    }
