"""A person asks for money of a payment to go back, or writes down that others have taken it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.flows.leave_phone import note_phone
from bawabati.flows.seek_payments import NoSuchPayment, Wanted, look_at_payment, seek_payments
from bawabati.keyset import FIRST
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.reads import (
    find_open_refund,
    given_back,
    list_lines,
    list_sought,
    paid_lines,
)
from bawabati.payments.rules import Part, RefundReason
from bawabati.people.rules import Action
from bawabati.receipts.reads import find_receipt_of
from bawabati.web.counter.at_desk import to
from bawabati.web.office.cases.typed_words import typed_words
from bawabati.web.public.typed import given_back as typed_again
from bawabati.web.public.typed import may_be_a_card
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

TAKEN_BACK: Final = "taken_back"


class ReasonMissing(CannotDo):
    """None of the four."""

    code: ClassVar[str] = "reason_missing"
    sentence: ClassVar[str] = "Choose why money goes back."


class SeveralPayments(CannotDo):
    """A bill may have been paid by several."""

    code: ClassVar[str] = "several_payments"
    sentence: ClassVar[str] = "Several payments have this number. Find yours under Payments, and ask from its page."


@dataclass(frozen=True, slots=True)
class Line:
    """One bill of the payment, and what of it may become due again."""

    line: PaymentLine
    left: Money
    typed: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.ASK_REFUND)
def seek(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Which payment, by any of its numbers."""
    if request.method != "POST":
        return render(request, "web/office/refunds/seek.html", {})
    number = typed_line(request, "number")
    try:
        payment_id = _the_payment(request, number)
    except CannotDo as error:
        context = {"error": sentence_of(error), "number": typed_again(number)}
        return render(request, "web/office/refunds/seek.html", context, status=422)
    return to("office_ask_refund", payment_id)


def _the_payment(request: StaffRequest, number: str) -> int:
    if not number or may_be_a_card(number):
        raise NoSuchPayment
    sought = seek_payments(company_id=request.place.company.id, wanted=Wanted(number=number), staff=request.staff)
    found = list_sought(sought, at=FIRST).rows
    if not found:
        raise NoSuchPayment
    if len(found) > 1:
        raise SeveralPayments
    return found[0].id


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.ASK_REFUND, stepped_up=True)
def ask(request: StaffRequest, language: str, payment_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Why, how much of which bill, and in words."""
    try:
        payment = look_at_payment(company_id=request.place.company.id, payment_id=payment_id, staff=request.staff)
    except NoSuchPayment:
        raise Http404 from None
    if request.method != "POST":
        return _page(request, payment)
    try:
        refund = _asked(request, payment)
    except CannotDo as error:
        return _page(request, payment, error=error)
    return to("office_refund", refund.id)


def _asked(request: StaffRequest, payment: Payment) -> Refund:
    reason, now, login = typed_line(request, "reason"), timezone.now(), request.staff.login
    because = typed_words(request, "because")
    if reason not in {TAKEN_BACK, *RefundReason}:
        raise ReasonMissing
    if reason == TAKEN_BACK:
        return ask_reversal(payment_id=payment.id, amount=_in_all(request), because=because, login=login, now=now)
    parts = list(_parts(request, payment)) if reason == RefundReason.BILL_DUE_AGAIN else []
    if phone := typed_line(request, "phone"):
        note_phone(payment_id=payment.id, phone=phone, language=payment.language, login=login, now=now)
    return ask_refund(
        payment_id=payment.id,
        reason=RefundReason(reason),
        amount=None if parts else _in_all(request),
        parts=parts,
        because=because,
        login=login,
        now=now,
    )


def _parts(request: StaffRequest, payment: Payment) -> Iterator[Part]:
    """Of each bill the amount that was typed; nothing of a field that was left empty or at zero."""
    for line in list_lines(payment.id):
        if text := typed_line(request, f"line-{line.id}"):
            amount = parse_amount(text)
            if amount:
                yield Part(line_id=line.id, amount=amount)


def _in_all(request: StaffRequest) -> Money | None:
    text = typed_line(request, "amount")
    return parse_amount(text) if text else None


def _page(request: StaffRequest, payment: Payment, *, error: CannotDo | None = None) -> HttpResponse:
    left = {line.line_id: line.left for line in paid_lines(payment.id)}
    is_again = request.method == "POST"
    lines = [
        Line(
            line,
            left.get(line.id, Money(0)),
            typed_again(typed_line(request, f"line-{line.id}")) if is_again else _prefilled(left.get(line.id)),
        )
        for line in list_lines(payment.id)
    ]
    because = typed_words(request, "because")
    context = {
        "payment": payment,
        "receipt": find_receipt_of(payment.id),
        "lines": lines,
        "back": given_back(payment.id),
        "open": find_open_refund(payment.id),
        "filled": {name: typed_again(str(value)) for name, value in request.POST.items()},
        "because": because if typed_again(because) else "",
        "reason": typed_line(request, "reason") or RefundReason.BILL_DUE_AGAIN.value,
        "sends_sms": bool(settings.SMS_URL),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/refunds/ask.html", context, status=422 if error else 200)


def _prefilled(left: Money | None) -> str:
    """Without the groups, which would have to be typed around."""
    return figures(left, "fr").replace("\u00a0", "") if left else ""
