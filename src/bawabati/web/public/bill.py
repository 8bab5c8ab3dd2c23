"""The bill that was found: what is due, or why it cannot be paid now and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.bills.reads import find_bill_by_number
from bawabati.bills.rules import Standing
from bawabati.companies.models import Company
from bawabati.flows.find_bill import FoundBill, LiveAttempt, look_again
from bawabati.links import Purpose, link_token
from bawabati.web.public.bill_link import bill_address, read_bill_link
from bawabati.web.public.homes import the_company
from bawabati.web.public.own_attempt import own_attempt_id
from bawabati.web.shared.asking import ask_now
from bawabati.web.shared.refresh import looking_again
from bawabati.web.shared.refusals import saying_why_not

LOOKS_AGAIN_SECONDS = 30


@require_safe
@saying_why_not
def bill(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """What is due and for what; one button leads on."""
    company = the_company(code)
    found = see(company, read_bill_link(token, company=company))
    if found.standing is Standing.PAYABLE:
        return render(request, "web/bill.html", {"company": company, "bill": found, "token": token})
    return standing_page(request, company, found, language=language)


def see(company: Company, bill_id: int) -> FoundBill:
    """The bill as it stands now. When a payment holds it, the gateway is asked about that payment first."""
    now = timezone.now()
    found = look_again(company=company, bill_id=bill_id, now=now)
    if found.attempt is None or ask_now(found.attempt.payment_id) is None:
        return found
    return look_again(company=company, bill_id=bill_id, now=now)


def standing_page(request: HttpRequest, company: Company, found: FoundBill, *, language: str) -> HttpResponse:
    """Why the bill cannot be paid now, and what to do."""
    context = {
        "company": company,
        "bill": found,
        "replacing": _replacing(company, found, language),
        "own_attempt": _own_attempt(request, found.attempt),
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
    }
    response = render(request, "web/standing.html", context)
    if found.standing is Standing.BEING_PAID:
        return looking_again(response, after_seconds=LOOKS_AGAIN_SECONDS, at=request.path)
    return response


def _own_attempt(request: HttpRequest, attempt: LiveAttempt | None) -> str:
    """The link of the attempt that holds the bill, for the browser that started it; for others nothing."""
    if attempt is None or own_attempt_id(request) != attempt.payment_id:
        return ""
    return link_token(Purpose.ATTEMPT, attempt.payment_id)


def _replacing(company: Company, found: FoundBill, language: str) -> str:
    if not found.replaced_by:
        return ""
    newer = find_bill_by_number(company_id=company.id, payment_number=found.replaced_by)
    return bill_address(company=company, bill_id=newer.id, language=language) if newer else ""
