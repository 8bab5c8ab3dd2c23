"""Finding a debt without the paper: the customer number and the one thing more that the company asks for."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from bawabati.bills.reads import factor_of
from bawabati.bills.rules import LETTERS_OF_NAME, WEAK, AmountShared, FactorMissing, LookupFactor
from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.flows.find_debts import Debts, NoSuchDebt, NotOffered, find_debts
from bawabati.guard.rules import CaptchaNeeded, TooManyTries
from bawabati.money.typed import AmountAmbiguous, AmountNegative, AmountNotReadable, AmountTooLarge
from bawabati.web.public.captcha import (
    CaptchaWrong,
    Occasion,
    captcha_context,
    captcha_passed,
    picture_asked,
)
from bawabati.web.public.debt_link import debt_address
from bawabati.web.public.typed import given_back, may_be_a_card, typed
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.counting import count, count_visit
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of

OF_THE_CAPTCHA = {"captcha_work", "captcha_ticket", "captcha_way"}
OF_THE_FACTOR = (AmountShared, FactorMissing, AmountAmbiguous, AmountNegative, AmountNotReadable, AmountTooLarge)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def find(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """The form, and what it finds."""
    company = the_company(code)
    factor = factor_of(company.id)
    if factor is LookupFactor.NONE:
        raise NotOffered
    if request.method != "POST":
        count_visit(request, company)
        return _form(request, company, factor)
    if picture_asked(request.POST):
        return _form(request, company, factor)
    try:
        debts = _find(request, company, factor)
    except CannotDo as error:
        if isinstance(error, NoSuchDebt):
            count(request, company, Step.LOOK_UP)
        return _form(request, company, factor, error=error)
    count(request, company, Step.LOOK_UP, Step.FOUND)
    address = debt_address(company=company, customer_id=debts.customer_id, language=language)
    return HttpResponseRedirect(keeping_code(request, address), status=303)


def _find(request: HttpRequest, company: Company, factor: LookupFactor) -> Debts:
    """A captcha is spent only when one is asked for: a slip of the finger costs none."""
    visitor, now = visitor_of(request), timezone.now()

    def look(*, challenge_passed: bool) -> Debts:
        return find_debts(
            company=company,
            typed=typed(request.POST.get("number", "")),
            typed_factor=typed(request.POST.get("factor", "")),
            visitor=visitor,
            challenge_passed=challenge_passed,
            now=now,
        )

    try:
        return look(challenge_passed=False)
    except CaptchaNeeded:
        if not captcha_passed(request.POST, occasion=_occasion(company), now=now):
            if factor in WEAK and OF_THE_CAPTCHA & request.POST.keys():
                raise CaptchaWrong from None
            raise
        return look(challenge_passed=True)


def _form(
    request: HttpRequest, company: Company, factor: LookupFactor, *, error: CannotDo | None = None
) -> HttpResponse:
    number, second = typed(request.POST.get("number", "")), typed(request.POST.get("factor", ""))
    about_factor = isinstance(error, OF_THE_FACTOR) or (
        isinstance(error, LooksLikeACardNumber) and not may_be_a_card(number)
    )
    about_captcha = isinstance(error, CaptchaWrong)
    context: dict[str, object] = {
        "company": company,
        "factor": factor.value,
        "letters": LETTERS_OF_NAME,
        "number": given_back(number),
        "second": given_back(second),
        "number_error": sentence_of(error) if error and not about_factor and not about_captcha else "",
        "factor_error": sentence_of(error) if error and about_factor else "",
        "captcha_error": sentence_of(error) if error and about_captcha else "",
    }
    if factor in WEAK or isinstance(error, CaptchaNeeded) or OF_THE_CAPTCHA & request.POST.keys():
        context |= captcha_context(
            occasion=_occasion(company),
            cost=company.captcha_cost,
            language=get_language() or "ar",
            post=request.POST,
            now=timezone.now(),
        )
    return render(request, "web/find_debts.html", context, status=_status(error))


def _occasion(company: Company) -> Occasion:
    return Occasion(company_code=company.code, action="find_debts")


def _status(error: CannotDo | None) -> int:
    if error is None:
        return 200
    return 429 if isinstance(error, CaptchaNeeded | TooManyTries) else 422
