"""The last page before the bank: the final amount, the terms, the button that pays. Shared by whatever is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from bawabati.bills.rules import BillNotPayable, PaidPart
from bawabati.campaigns.reads import code_that_counts
from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import current_texts
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import Broken, CannotDo
from bawabati.flows.start_payment import TERMS, start_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.money.amount import Money, total
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_payment_by_start_key
from bawabati.web.public.captcha import (
    CaptchaWrong,
    Occasion,
    captcha_context,
    captcha_passed,
    picture_asked,
)
from bawabati.web.public.choice import paid_sum
from bawabati.web.public.emails import EmailWrong, is_email
from bawabati.web.public.marks import mark_of
from bawabati.web.public.order_form import FormTooOld, OrderForm, OrderLine, new_start_key
from bawabati.web.public.own_attempt import remember_attempt
from bawabati.web.public.payment import address_of_attempt
from bawabati.web.public.typed import given_back, may_be_a_card, typed
from bawabati.web.shared.campaign_code import code_of
from bawabati.web.shared.counting import count
from bawabati.web.shared.sentences import sentence_of
from bawabati.workdays import ALGIERS


class TermsNotAccepted(CannotDo):
    """The box was not ticked."""

    code: ClassVar[str] = "terms_not_accepted"
    sentence: ClassVar[str] = "To pay, read the terms and tick this box."


class NoTerms(Broken):
    """A company without terms cannot take payments."""


class Wish(Protocol):
    """What is about to be paid: of which bill or debt, and how much of it."""

    @property
    def company(self) -> Company: ...
    @property
    def language(self) -> str: ...
    @property
    def token(self) -> str:
        """The link of what was found: it leads this browser back there."""
        ...

    @property
    def key(self) -> int:
        """What was found, as the form is sealed to it."""
        ...

    def parts(self, request: HttpRequest) -> Sequence[PaidPart] | HttpResponse:
        """What is paid of each bill now; or the page that is shown in its stead."""
        ...

    def choose_again(self, request: HttpRequest) -> HttpResponse:
        """One of the bills can no longer be paid: why, or what can be paid of the others."""
        ...

    def context(self) -> Mapping[str, object]:
        """What its page says beside the amount. After `parts`."""
        ...


def confirm(request: HttpRequest, wish: Wish) -> HttpResponse:
    """Shows what is about to be paid; posted, starts the payment and leads to the page that leaves for the bank."""
    if request.method != "POST" or picture_asked(request.POST):
        return _page(request, wish)
    errors: dict[str, CannotDo] = {}
    try:
        payment = _start(request, wish, errors)
    except BillNotPayable:
        return wish.choose_again(request)
    except CannotDo as error:
        errors["form"] = error
    else:
        if payment is not None:
            response = HttpResponseRedirect(address_of_attempt(payment.id, language=wish.language), status=303)
            remember_attempt(response, payment.id, bill_token=wish.token)
            return response
    return _page(request, wish, errors=errors)


def _start(request: HttpRequest, wish: Wish, errors: dict[str, CannotDo]) -> Payment | None:
    """The payment; None when `errors` says what has to be corrected first."""
    company = wish.company
    order = OrderForm.unsealed(request.POST.get("order", ""))
    if order.typed_id != wish.key:
        raise FormTooOld
    email = _email(request, errors)
    if request.POST.get("accept") != "yes":
        errors["accept"] = TermsNotAccepted()
    if errors:
        return None
    if not captcha_passed(request.POST, occasion=_occasion(company, order.start_key), now=timezone.now()):
        errors["captcha"] = CaptchaWrong()
        # Pressed twice: the first press has spent the captcha and started the payment.
        return find_payment_by_start_key(company_id=company.id, start_key=order.start_key)
    now = timezone.now()
    payment = start_payment(
        company=company,
        seen=[_seen(line) for line in order.lines],
        start_key=order.start_key,
        language=wish.language,
        payment_terms_id=order.payment_terms_id,
        sale_terms_id=order.sale_terms_id,
        email=email,
        now=now,
        campaign_code=code_that_counts(company_id=company.id, code=code_of(request), on=now.astimezone(ALGIERS).date()),
    )
    if payment.opened_at == now:  # by this press, not by one before it
        count(request, company, Step.LEFT_FOR_BANK)
    return payment


def _seen(line: OrderLine) -> SeenBill:
    return SeenBill(
        bill_id=line.bill_id,
        version=line.version,
        left=Money(line.left_centimes),
        amount=Money(line.amount_centimes),
    )


def _page(request: HttpRequest, wish: Wish, *, errors: dict[str, CannotDo] | None = None) -> HttpResponse:
    """The review; or what stands in its stead, when that can no longer be paid."""
    company, language = wish.company, wish.language
    parts = wish.parts(request)
    if isinstance(parts, HttpResponse):
        return parts
    payment_terms, sale_terms = _terms(company, language)
    order = _order(request, wish, parts, payment_terms, sale_terms)
    context: dict[str, object] = {
        "company": company,
        "token": wish.token,
        "parts": parts,
        "pays": paid_sum(parts),
        "remains": total(part.remains for part in parts),
        "payment_terms": payment_terms,
        "sale_terms": sale_terms,
        "order": order.sealed(),
        "mark": mark_of(company),
        "email": given_back(request.POST.get("email", "")),
        "accepted": request.POST.get("accept") == "yes",
        "errors": {field: sentence_of(error) for field, error in (errors or {}).items()},
    }
    context |= wish.context()
    context |= captcha_context(
        occasion=_occasion(company, order.start_key),
        cost=company.captcha_cost,
        language=language,
        post=request.POST,
        now=timezone.now(),
    )
    if request.method == "GET":
        count(request, company, Step.REVIEW)
    return render(request, "web/review.html", context, status=422 if errors else 200)


def _order(
    request: HttpRequest,
    wish: Wish,
    parts: Sequence[PaidPart],
    payment_terms: CompanyText,
    sale_terms: CompanyText,
) -> OrderForm:
    """What is shown now; under the start key of the form that was sent, which may have started a payment already."""
    try:
        start_key = OrderForm.unsealed(request.POST.get("order", "")).start_key
    except FormTooOld:
        start_key = new_start_key()
    lines = tuple(
        OrderLine(part.bill.bill_id, part.bill.version, part.bill.left.centimes, part.pays.centimes)
        for part in parts
        if part.pays
    )
    return OrderForm(wish.key, lines, payment_terms.id, sale_terms.id, start_key)


def _occasion(company: Company, start_key: str) -> Occasion:
    return Occasion(company_code=company.code, action="pay", form_key=start_key)


def _terms(company: Company, language: str) -> Sequence[CompanyText]:
    texts = current_texts(company_id=company.id, kinds=TERMS, language=language, now=timezone.now())
    if len(texts) < len(TERMS):
        raise NoTerms("the company has no terms in this language", company_id=company.id, language=language)
    return texts


def _email(request: HttpRequest, errors: dict[str, CannotDo]) -> str:
    email = typed(request.POST.get("email", "")).strip()
    if may_be_a_card(email):
        errors["email"] = LooksLikeACardNumber()
    elif email and not is_email(email):
        errors["email"] = EmailWrong()
    return email
