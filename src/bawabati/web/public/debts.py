"""All that a customer owes, oldest first, each bill with a box to tick: the payer says what is paid now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.bills.rules import (
    ChoiceGone,
    NoBillTicked,
    OlderFirst,
    TooManyTogether,
)
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.find_debts import Debts, debtor_of, see_debts
from bawabati.web.public.bill_link import read_bill_link
from bawabati.web.public.debt_link import debt_address, read_debt_link
from bawabati.web.public.ticked import AskedTicks
from bawabati.web.public.typed import given_back
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of

ABOUT_THE_TICKS = (ChoiceGone, NoBillTicked, OlderFirst, TooManyTogether)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def debts(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """What is owed. Posted, it adds up what is ticked, or leads on to its review."""
    company = the_company(code)
    found = see_debts(company=company, customer_id=read_debt_link(token, company=company), now=timezone.now())
    if request.method != "POST":
        return debts_page(request, company, found, token)
    asked = AskedTicks.posted(request)
    try:
        ticked = asked.ticked(found)
        ticked.parts(found)
    except CannotDo as error:
        return debts_page(request, company, found, token, asked=asked, error=error)
    if "add_up" in request.POST:
        return debts_page(request, company, found, token, asked=asked)
    address = ticked.address(company=company, token=token, language=language)
    return HttpResponseRedirect(keeping_code(request, address), status=303)


@require_safe
@saying_why_not
def debts_of_bill(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """From a bill that was found by its number to all that its customer owes, where the company offers that."""
    company = the_company(code)
    customer_id = debtor_of(company=company, bill_id=read_bill_link(token, company=company))
    address = debt_address(company=company, customer_id=customer_id, language=language)
    return HttpResponseRedirect(keeping_code(request, address), status=303)


def debts_page(
    request: HttpRequest,
    company: Company,
    found: Debts,
    token: str,
    *,
    asked: AskedTicks | None = None,
    error: CannotDo | None = None,
) -> HttpResponse:
    """The list with its boxes; with an error, what was good in `asked` is kept."""
    asked = asked or AskedTicks.proposed(found)
    is_about_ticks = isinstance(error, ABOUT_THE_TICKS)
    context = {
        "company": company,
        "debts": found,
        "token": token,
        "ticked": asked.bill_ids,
        "ticked_sum": asked.sum(found),
        "amount": given_back(asked.amount),
        "ticks_error": sentence_of(error) if error and is_about_ticks else "",
        "amount_error": sentence_of(error) if error and not is_about_ticks else "",
        "is_too_much": asked.sum(found) > found.limits.ceiling,
        "any_can_be_ticked": any(debt.can_be_ticked for debt in found.bills),
        "any_waits": any(not debt.can_be_ticked for debt in found.bills),
        "agreement_state": found.agreement_state,
    }
    return render(request, "web/debts.html", context, status=422 if error else 200)
