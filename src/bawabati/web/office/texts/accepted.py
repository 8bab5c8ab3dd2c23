"""What a payer accepted: the very texts that stood on his page when he pressed the button."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.flows.note_reading import note_reading
from bawabati.flows.seek_payments import NoSuchPayment, look_at_payment
from bawabati.people.rules import Action
from bawabati.web.office.texts.versions import shown_version
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_PAYMENTS)
def accepted(request: StaffRequest, language: str, payment_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The terms of one payment, whatever holds today. Rule: dated-texts (law 18-05)"""
    company_id = request.place.company.id
    try:
        payment = look_at_payment(company_id=company_id, payment_id=payment_id, staff=request.staff)
    except NoSuchPayment:
        raise Http404 from None
    texts = [text for text in (payment.payment_terms, payment.sale_terms) if text is not None]
    if not texts:
        raise Http404
    note_reading(
        staff=request.staff,
        company_id=company_id,
        what="accepted_texts",
        target=f"payment:{payment.id}",
        now=timezone.now(),
    )
    context = {"payment": payment, "texts": [shown_version(text) for text in texts]}
    return render(request, "web/office/texts/accepted.html", context)
