"""The bill that was found: what is due and what else could be paid with it, or why it cannot be paid and what to do."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from bawabati.bills.reads import find_bill_by_number
from bawabati.bills.rules import ChoiceGone, Standing
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import FoundBill, LiveAttempt, look_again
from bawabati.links import Purpose, link_token
from bawabati.web.public.bill_link import bill_address, read_bill_link, remind_address
from bawabati.web.public.choice import Asked, NothingChosen
from bawabati.web.public.own_attempt import own_attempt_id
from bawabati.web.public.typed import given_back
from bawabati.web.shared.asking import ask_now
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.refresh import looking_again
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of

LOOKS_AGAIN_SECONDS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def bill(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """What is due and for what, and what may be paid of it. Posted, the choice leads on to its review."""
    company = the_company(code)
    found = see(company, read_bill_link(token, company=company))
    if not found.ways:
        return standing_page(request, company, found, language=language)
    if request.method != "POST":
        return choice_page(request, company, found, token)
    asked = Asked.posted(request)
    try:
        choice = asked.choice(found)
        choice.parts(found)
    except CannotDo as error:
        return choice_page(request, company, found, token, asked=asked, error=error)
    address = choice.address(company=company, token=token, language=language)
    return HttpResponseRedirect(keeping_code(request, address), status=303)


def choice_page(
    request: HttpRequest,
    company: Company,
    found: FoundBill,
    token: str,
    *,
    asked: Asked | None = None,
    error: CannotDo | None = None,
) -> HttpResponse:
    """The bill with what may be paid of it and with it; with an error, what was good in `asked` is kept."""
    bills = asked.bills if asked else ""
    counts = [str(way.count) for way in found.ways]
    is_about_bills = isinstance(error, NothingChosen | ChoiceGone)
    context = {
        "company": company,
        "bill": found,
        "token": token,
        "remind_address": remind_address(
            company=company, bill_id=found.bill_id, language=translation.get_language() or "ar"
        ),
        "chosen": bills if bills in counts else "" if is_about_bills else counts[0],
        "chooses_bills": any(way.count > 1 for way in found.ways),
        "takes_parts": any(way.largest_part for way in found.ways),
        "amount": given_back(asked.amount) if asked else "",
        "bills_error": sentence_of(error) if error and is_about_bills else "",
        "amount_error": sentence_of(error) if error and not is_about_bills else "",
    }
    return render(request, "web/bill.html", context, status=422 if error else 200)


def see(company: Company, bill_id: int) -> FoundBill:
    """The bill as it stands now. When a payment holds it, the gateway is asked about that payment first."""
    now = timezone.now()
    found = look_again(company=company, bill_id=bill_id, now=now)
    payment_id = found.attempt.payment_id if found.attempt else None
    if payment_id is None or ask_now(payment_id) is None:
        return found
    return look_again(company=company, bill_id=bill_id, now=now)


def standing_page(request: HttpRequest, company: Company, found: FoundBill, *, language: str) -> HttpResponse:
    """Why the bill cannot be paid now, and what to do."""
    context = {
        "company": company,
        "bill": found,
        "replacing": _replacing(request, company, found, language),
        "own_attempt": _own_attempt(request, found.attempt),
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
    }
    response = render(request, "web/standing.html", context)
    if found.standing is Standing.BEING_PAID:
        return looking_again(response, after_seconds=LOOKS_AGAIN_SECONDS, at=keeping_code(request, request.path))
    return response


def _own_attempt(request: HttpRequest, attempt: LiveAttempt | None) -> str:
    """The link of the attempt that holds the bill, for the browser that started it; for others nothing."""
    if attempt is None or attempt.payment_id is None or own_attempt_id(request) != attempt.payment_id:
        return ""
    return link_token(Purpose.ATTEMPT, attempt.payment_id)


def _replacing(request: HttpRequest, company: Company, found: FoundBill, language: str) -> str:
    if not found.replaced_by:
        return ""
    newer = find_bill_by_number(company_id=company.id, payment_number=found.replaced_by)
    if newer is None:
        return ""
    return keeping_code(request, bill_address(company=company, bill_id=newer.id, language=language))
