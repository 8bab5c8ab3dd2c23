"""Where an attempt stands: the way out to the bank's page, the way back, and what came of it."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.adapters.gateways.contract import Cause
from bawabati.flows.gateway_silence import silent_since
from bawabati.links import Purpose, link_token, read_link_token
from bawabati.payments.models import Payment
from bawabati.payments.reads import company_of_payment, find_payment, find_recovery, list_lines, list_refunds
from bawabati.payments.rules import State
from bawabati.receipts.reads import find_receipt_of
from bawabati.web.public.bill_link import bill_address, still_opens
from bawabati.web.public.debt_link import debt_still_opens
from bawabati.web.public.given_back import told_of
from bawabati.web.public.own_attempt import own_bill_token
from bawabati.web.public.reasons import reason_of
from bawabati.web.shared.asking import ask_now
from bawabati.web.shared.campaign_code import query_of, with_code
from bawabati.web.shared.companies import in_its_company
from bawabati.web.shared.refresh import looking_again

LEADS_TO_THE_RECEIPT_FOR = timedelta(hours=1)
"""The attempt's address passes through the gateway and the browser's history; the receipt's own does not."""
LOOKS_AGAIN_SECONDS = 5
NOT_YET_ENDED = frozenset({State.OPENED, State.AT_GATEWAY, State.IN_DOUBT})
ENDED_UNPAID = frozenset({State.FAILED, State.DECLINED, State.EXPIRED})


def address_of_attempt(payment_id: int, *, language: str, name: str = "attempt") -> str:
    """Where a payer sees how the attempt stands; `name` may also be "back"."""
    return reverse(name, kwargs={"language": language, "token": link_token(Purpose.ATTEMPT, payment_id)})


@require_safe
def attempt(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """One page for each standing. It only looks: the way back is what asks."""
    payment = _payment_of(token)
    match State(payment.state):
        case State.OPENED:
            return _being_checked(request, payment, language)
        case State.AT_GATEWAY if timezone.now() < payment.page_ends_at:
            host = urlsplit(payment.page_url).netloc
            return render(request, "web/leave.html", {"company": payment.company, "payment": payment, "host": host})
        case State.AT_GATEWAY | State.IN_DOUBT:
            return _being_checked(request, payment, language)
        case State.PAID:
            return _paid(request, payment, language)
        case _:
            return _not_paid(request, payment, language)


@require_safe
def back(request: HttpRequest, language: str, token: str, *, by_fail: bool = False) -> HttpResponse:
    """The way back from the gateway: asks, and shows what it learnt. Nothing in the query is believed or read."""
    payment = _payment_of(token)
    state = ask_now(payment.id, by_fail=by_fail) or State(payment.state)
    if state in NOT_YET_ENDED:
        return _being_checked(request, payment, language)
    if state is State.PAID:
        return _paid(request, find_payment(payment.id) or payment, language)
    return HttpResponseRedirect(address_of_attempt(payment.id, language=language), status=303)


def _payment_of(token: str) -> Payment:
    """What the address speaks of: money that was found after the end, where there is any."""
    payment_id = in_its_company(read_link_token(Purpose.ATTEMPT, token), company_of_payment)
    payment = find_payment(payment_id) if payment_id is not None else None
    if payment is None:
        raise Http404
    return payment if payment.state not in ENDED_UNPAID else find_recovery(payment.id) or payment


def _being_checked(request: HttpRequest, payment: Payment, language: str) -> HttpResponse:
    next_address = _next_look(payment, language)
    context = {
        "company": payment.company,
        "payment": payment,
        "next_address": next_address,
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
        "can_go_on": payment.state == State.AT_GATEWAY and timezone.now() < payment.page_ends_at,
        "is_starting": payment.state == State.OPENED,
    }
    return looking_again(
        render(request, "web/being_checked.html", context), after_seconds=LOOKS_AGAIN_SECONDS, at=next_address
    )


def _next_look(payment: Payment, language: str) -> str:
    """What the page loads next: the attempt while its order is being opened, after that the address that asks."""
    name = "attempt" if payment.state == State.OPENED else "back"
    return address_of_attempt(payment.id, language=language, name=name)


def _paid(request: HttpRequest, payment: Payment, language: str) -> HttpResponse:  # noqa: ARG001 - one shape for all
    receipt = find_receipt_of(payment.id)
    if receipt is not None and timezone.now() - _confirmed_at(payment) < LEADS_TO_THE_RECEIPT_FOR:
        return HttpResponseRedirect(f"/r/{link_token(Purpose.RECEIPT, receipt.id)}/", status=303)
    context = {"company": payment.company, "payment": payment, "refunds": told_of(list_refunds(payment.id))}
    return render(request, "web/paid.html", context)


def _confirmed_at(payment: Payment) -> datetime:
    assert payment.confirmed_at is not None  # noqa: S101 - the database holds it for every paid payment
    return payment.confirmed_at


def _not_paid(request: HttpRequest, payment: Payment, language: str) -> HttpResponse:
    never_left = not payment.page_url
    context = {
        "company": payment.company,
        "payment": payment,
        "reason": reason_of(response_code=payment.response_code, action_code=payment.action_code),
        "gateway_message": payment.gateway_message if _is_the_issuers(payment) else "",
        "is_final": payment.state in ENDED_UNPAID,
        "was_taken_back": payment.refused_because == Cause.REVERSED,
        "never_left": never_left,
        "silent_since": silent_since(payment.gateway_account) if never_left else None,
        "again": with_code(_again(request, payment, language), payment.campaign_code),
        "campaign_query": query_of(payment.campaign_code),
    }
    return render(request, "web/not_paid.html", context)


def _again(request: HttpRequest, payment: Payment, language: str) -> str:
    """The bill from which it started, for the browser that started it; where no bill tells of others, for everybody."""
    company = payment.company
    token = own_bill_token(request, payment_id=payment.id)
    if still_opens(token, company=company):
        return reverse("bill", kwargs={"language": language, "code": company.code, "token": token})
    if debt_still_opens(token, company=company):
        return reverse("debts", kwargs={"language": language, "code": company.code, "token": token})
    if company.offers_other_bills:
        return reverse("find", kwargs={"language": language, "code": company.code})
    return bill_address(company=company, bill_id=list_lines(payment.id)[0].bill_id, language=language)


def _is_the_issuers(payment: Payment) -> bool:
    """The issuer answers in the language that it is asked in; the gateway's own refusals speak English alone."""
    return payment.refused_because == Cause.DECLINED and bool(payment.response_code)
