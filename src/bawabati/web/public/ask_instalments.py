"""Asking to pay a debt in instalments: how many, how much first, what that comes to, and the terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.models import Agreement
from bawabati.bills.reads import debt_rules_of, instalment_limits_of
from bawabati.bills.rules import FEWEST_TRANCHES, InstalmentLimits, Tranche, TranchesOutOfRange
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.flows.ask_instalments import (
    AskedAlready,
    NoInstalments,
    ask_instalments,
    asked_before,
    preview_instalments,
    terms_of_instalments,
)
from bawabati.flows.find_debts import see_debts
from bawabati.flows.steps.agreement_moves import debt_of
from bawabati.guard.rules import CaptchaNeeded, TooManyTries
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.notices.rules import PhoneWrong
from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.debt_link import read_debt_link
from bawabati.web.public.emails import EmailWrong, is_email
from bawabati.web.public.order_form import new_start_key
from bawabati.web.public.typed import given_back, may_be_a_card, typed
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.given_numbers import given_number
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of

PROPOSED: Final = 3
KEY_LENGTH: Final = 32
"""Of `new_start_key`: 24 random bytes in base64."""
OF_THE_CAPTCHA = {"captcha_work", "captcha_ticket", "captcha_way"}


class InstalmentTermsNotAccepted(CannotDo):
    """The box was not ticked."""

    code: ClassVar[str] = "instalment_terms_not_accepted"
    sentence: ClassVar[str] = "To ask for instalments, read the terms and tick this box."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The form as it was filled in, and what is asked with it."""

    company: Company
    customer_id: int
    language: str
    token: str
    debt: Money
    limits: InstalmentLimits
    terms: CompanyText
    tranches: str
    first: str
    email: str
    phone: str
    start_key: str

    def plan(self) -> tuple[int, Money, tuple[Tranche, ...]]:
        """How many, how much first, and what that comes to.

        Raises:
            LooksLikeACardNumber
            CannotDo: one of `parse_amount`'s or `preview_instalments`'.
        """
        if may_be_a_card(self.first) or may_be_a_card(self.tranches):
            raise LooksLikeACardNumber
        text = self.tranches.strip()
        if not (text.isdecimal() and len(text) <= len("36")):
            raise TranchesOutOfRange(fewest=FEWEST_TRANCHES, most=self.limits.most)
        first = parse_amount(self.first)
        planned = preview_instalments(
            company=self.company, customer_id=self.customer_id, tranches=int(text), first=first, now=timezone.now()
        )
        return int(text), first, planned


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def ask(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """The form with the plan that it comes to. Posted with "ask", it is kept for the office to answer.

    Only who sends the very form again is led to what was asked with it: others who have found the debt are told in
    words that somebody has asked. Rule: own-agreement (law 18-07)
    """
    company = the_company(code)
    customer_id = read_debt_link(token, company=company)
    known = asked_before(customer_id=customer_id, start_key=typed(request.POST.get("key", "")))
    if known is not None:
        return _to_agreement(request, known.id, language)
    form = _form(request, company, customer_id, language, token)
    if request.method != "POST" or picture_asked(request.POST) or "ask" not in request.POST:
        return _page(request, form, errors={})
    errors: dict[str, CannotDo] = {}
    agreement_id = _ask(request, form, errors)
    if agreement_id is None:
        return _page(request, form, errors=errors)
    return _to_agreement(request, agreement_id, language)


def _form(request: HttpRequest, company: Company, customer_id: int, language: str, token: str) -> _Form:
    """Raises NoInstalments where nothing is granted."""
    found = see_debts(company=company, customer_id=customer_id, now=timezone.now())
    terms = terms_of_instalments(company, language=language, now=timezone.now())
    if terms is None or not found.offers_instalments:
        raise NoInstalments
    debt = debt_of(customer_id)
    limits = instalment_limits_of(company, debt_rules_of(company.id))
    posted = request.POST
    return _Form(
        company=company,
        customer_id=customer_id,
        language=language,
        token=token,
        debt=debt,
        limits=limits,
        terms=terms,
        tranches=typed(posted.get("tranches", str(min(PROPOSED, limits.most)))),
        first=typed(posted.get("first", figures(limits.least_first(debt), language))),
        email=typed(posted.get("email", "")).strip(),
        phone=typed(posted.get("phone", "")).strip(),
        start_key=_key(posted.get("key", "")),
    )


def _ask(request: HttpRequest, form: _Form, errors: dict[str, CannotDo]) -> int | None:
    """The agreement's identifier; None when `errors` says what has to be corrected first."""
    if may_be_a_card(form.email):
        errors["email"] = LooksLikeACardNumber()
    elif form.email and not is_email(form.email):
        errors["email"] = EmailWrong()
    if may_be_a_card(form.phone):
        errors["phone"] = LooksLikeACardNumber()
    if request.POST.get("accept") != "yes":
        errors["accept"] = InstalmentTermsNotAccepted()
    try:
        tranches, first, _planned = form.plan()
        if errors:
            return None
        return _kept(request, form, tranches, first).id
    except AskedAlready:
        raise
    except PhoneWrong as error:
        errors["phone"] = error
    except CannotDo as error:
        errors["plan" if not isinstance(error, CaptchaNeeded | TooManyTries) else "captcha"] = error
    return None


def _kept(request: HttpRequest, form: _Form, tranches: int, first: Money) -> Agreement:
    """A captcha is spent only when one is asked for."""

    def keep(*, challenge_passed: bool) -> Agreement:
        return ask_instalments(
            company=form.company,
            customer_id=form.customer_id,
            tranches=tranches,
            first=first,
            seen_debt=_seen(request),
            terms_id=given_number(request.POST.get("terms", "")),
            email=form.email,
            phone=form.phone,
            start_key=form.start_key,
            language=form.language,
            visitor=visitor_of(request),
            challenge_passed=challenge_passed,
            now=timezone.now(),
        )

    try:
        return keep(challenge_passed=False)
    except CaptchaNeeded:
        if not captcha_passed(request.POST, occasion=_occasion(form.company), now=timezone.now()):
            raise
        return keep(challenge_passed=True)


def _key(text: str) -> str:
    """As the form has it; a new one where it has none that could be ours."""
    return text if len(text) == KEY_LENGTH and text.isascii() and text.isprintable() else new_start_key()


def _seen(request: HttpRequest) -> Money:
    return Money(given_number(request.POST.get("debt", "")))


def _page(request: HttpRequest, form: _Form, *, errors: dict[str, CannotDo]) -> HttpResponse:
    planned: tuple[Tranche, ...] = ()
    try:
        _tranches, _first, planned = form.plan()
    except CannotDo as error:
        errors.setdefault("plan", error)
    context: dict[str, object] = {
        "company": form.company,
        "token": form.token,
        "form": form,
        "planned": planned,
        "fewest": FEWEST_TRANCHES,
        "least_first": form.limits.least_first(form.debt),
        "tranches": given_back(form.tranches),
        "first": given_back(form.first),
        "email": given_back(form.email),
        "phone": given_back(form.phone),
        "takes_phone": bool(settings.SMS_URL),
        "accepted": request.POST.get("accept") == "yes",
        "errors": {field: sentence_of(error) for field, error in errors.items()},
    }
    if "captcha" in errors or OF_THE_CAPTCHA & request.POST.keys():
        context |= captcha_context(
            occasion=_occasion(form.company),
            cost=form.company.captcha_cost,
            language=form.language,
            post=request.POST,
            now=timezone.now(),
        )
    return render(request, "web/ask_instalments.html", context, status=422 if errors else 200)


def _to_agreement(request: HttpRequest, agreement_id: int, language: str) -> HttpResponse:
    where = {"language": language, "token": link_token(Purpose.AGREEMENT, agreement_id)}
    return HttpResponseRedirect(keeping_code(request, reverse("agreement", kwargs=where)), status=303)


def _occasion(company: Company) -> Occasion:
    return Occasion(company_code=company.code, action="ask_instalments")
