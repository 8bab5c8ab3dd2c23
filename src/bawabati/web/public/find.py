"""The payment number is typed here, or comes from the QR code of a bill."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.bills.reads import factor_of
from bawabati.bills.rules import LookupFactor
from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber, NumberFormat, SecondValue, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import FoundBill, NoSuchBill, SecondValueMissing, find_bill
from bawabati.guard.rules import CaptchaNeeded, TooManyTries
from bawabati.money.typed import AmountAmbiguous, AmountNegative, AmountNotReadable, AmountTooLarge
from bawabati.web.crew.phone import is_of_a_crew
from bawabati.web.public.bill_link import bill_address
from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.counting import count, count_visit
from bawabati.web.shared.languages import wished_language
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of

OF_THE_CAPTCHA = {"captcha_work", "captcha_ticket", "captcha_way"}
OF_THE_SECOND_VALUE = (SecondValueMissing, AmountAmbiguous, AmountNegative, AmountNotReadable, AmountTooLarge)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def find(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """The form, and what it finds."""
    company = the_company(code)
    if request.method != "POST":
        count_visit(request, company)
        return _form(request, company)
    number, second_value = typed(request.POST.get("number", "")), typed(request.POST.get("second_value", ""))
    if picture_asked(request.POST):
        return _form(request, company, number=number, second_value=second_value)
    try:
        found = _find(request, company, number, second_value)
    except CannotDo as error:
        if isinstance(error, NoSuchBill):
            count(request, company, Step.LOOK_UP)
        return _form(request, company, number=number, second_value=second_value, error=error)
    count(request, company, Step.LOOK_UP, Step.FOUND)
    address = bill_address(company=company, bill_id=found.bill_id, language=language)
    return HttpResponseRedirect(keeping_code(request, address), status=303)


def _find(request: HttpRequest, company: Company, number: str, second_value: str) -> FoundBill:
    """A captcha is spent only when one is asked for: a slip of the finger costs none."""
    visitor, now = visitor_of(request), timezone.now()

    def look(*, challenge_passed: bool) -> FoundBill:
        return find_bill(
            company=company,
            typed=number,
            second_value=second_value,
            visitor=visitor,
            challenge_passed=challenge_passed,
            now=now,
        )

    try:
        return look(challenge_passed=False)
    except CaptchaNeeded:
        if not captcha_passed(request.POST, occasion=_occasion(company), now=now):
            raise
        return look(challenge_passed=True)


@require_safe
def scanned(request: HttpRequest, code: str, number: str, language: str | None = None) -> HttpResponse:
    """The QR code of a bill: the same form with the number in it. Looking is still the visitor's own tap."""
    company = the_company(code)
    if language is None:
        return HttpResponseRedirect(keeping_code(request, f"/{wished_language(request)}{request.path}"))
    count_visit(request, company)
    response = _form(request, company, number=number, is_scanned=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _form(
    request: HttpRequest,
    company: Company,
    *,
    number: str = "",
    second_value: str = "",
    error: CannotDo | None = None,
    is_scanned: bool = False,
) -> HttpResponse:
    number_format = NumberFormat.from_json(company.number_format)
    about_second = isinstance(error, OF_THE_SECOND_VALUE) or (
        isinstance(error, LooksLikeACardNumber) and looks_like_a_card_number(second_value)
    )
    context: dict[str, object] = {
        "company": company,
        "number_format": number_format,
        "is_shown_as_digits": number_format.alphabet == "digits",
        "asks_second_value": number_format.second_value is not SecondValue.NONE,
        "finds_without_paper": factor_of(company.id) is not LookupFactor.NONE,
        "number": given_back(number),
        "for_crew": is_scanned and is_of_a_crew(request),
        "second_value": given_back(second_value),
        "number_error": sentence_of(error) if error and not about_second else "",
        "second_value_error": sentence_of(error) if error and about_second else "",
    }
    if isinstance(error, CaptchaNeeded) or OF_THE_CAPTCHA & request.POST.keys():
        context |= captcha_context(
            occasion=_occasion(company),
            cost=company.captcha_cost,
            language=get_language() or "ar",
            post=request.POST,
            now=timezone.now(),
        )
    return render(request, "web/find.html", context, status=_status(error))


def _occasion(company: Company) -> Occasion:
    return Occasion(company_code=company.code, action="find")


def _status(error: CannotDo | None) -> int:
    if error is None:
        return 200
    return 429 if isinstance(error, CaptchaNeeded | TooManyTries) else 422
