"""One payment in full: what it paid, where its money is, and everything that happened."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.cases.reads import list_cases_about
from bawabati.flows.note_reading import note_reading
from bawabati.flows.seek_payments import NoSuchPayment, look_at_payment
from bawabati.links import receipt_address
from bawabati.notices.reads import list_notices_about
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_contact, find_open_refund, find_recovery, given_back, list_lines, list_refunds
from bawabati.payments.rules import State
from bawabati.people.rules import Action
from bawabati.receipts.reads import find_receipt_of
from bawabati.web.office.payments.timeline import references_of, timeline
from bawabati.web.office.payments.words import STATES, WAYS, words
from bawabati.web.office.refunds.words import STATES as REFUND_STATES
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_PAYMENTS)
def payment(request: StaffRequest, language: str, payment_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The page of one payment. That it was read is written down."""
    company = request.place.company
    try:
        found = look_at_payment(company_id=company.id, payment_id=payment_id, staff=request.staff)
    except NoSuchPayment:
        raise Http404 from None
    note_reading(
        staff=request.staff,
        company_id=company.id,
        what="payment",
        target=f"payment:{found.id}",
        now=timezone.now(),
    )
    told = _told(found)
    may = {
        "may_ask_refund": bool(told["can_go_back"]) and request.may(Action.ASK_REFUND),
        "may_see_cases": request.may(Action.SEE_CASES),
    }
    return render(request, "web/office/payments/one.html", may | told)


def _told(found: Payment) -> dict[str, object]:
    lines, receipt, refunds = list_lines(found.id), find_receipt_of(found.id), list_refunds(found.id)
    references = references_of(found, lines=lines, receipt=receipt, refunds=refunds)
    cases = list_cases_about(company_id=found.company_id, references=references)
    notices = list_notices_about(company_id=found.company_id, references=references)
    back = given_back(found.id)
    return {
        "payment": found,
        "back": back,
        "is_all_back": back.centimes >= found.amount_centimes,
        "can_go_back": found.state == State.PAID
        and back.centimes < found.amount_centimes
        and find_open_refund(found.id) is None,
        "state": words(STATES, found.state),
        "way": words(WAYS, found.way),
        "lines": lines,
        "contact": find_contact(found.id),
        "receipt": receipt,
        "receipt_address": receipt_address(receipt.id, host_name=found.company.host_name) if receipt else "",
        "refunds": [(refund, words(REFUND_STATES, refund.state)) for refund in refunds],
        "recovery": find_recovery(found.id),
        "moments": timeline(found, receipt=receipt, refunds=refunds, cases=cases, notices=notices),
    }
