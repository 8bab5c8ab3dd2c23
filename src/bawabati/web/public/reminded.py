"""Where a reminder leads: its bills as they stand now, and one tap to end reminders; and where one asks for them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.bills.models import CustomerContact
from bawabati.bills.reads import company_of_contact, find_bill_by_id, find_contact_by_id
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.end_reminders import end_reminders
from bawabati.flows.see_reminded import see_reminded
from bawabati.flows.wish_reminders import confirm_wish, wish_reminders
from bawabati.guard.rules import CaptchaNeeded, TooManyTries
from bawabati.links import Purpose, read_link_token
from bawabati.notices.rules import masked_address
from bawabati.reminders.models import ReminderMessage
from bawabati.reminders.reads import company_of_message, find_message
from bawabati.reminders.rules import code_of
from bawabati.web.public.bill_link import bill_address, read_remind_link
from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import in_its_company, the_company
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of


@require_safe
def reminder(request: HttpRequest, token: str, language: str | None = None) -> HttpResponse:
    """The bills as they stand now, each a tap from being paid. In the message's language unless the address says one.

    Opening it changes nothing: telephones open links by themselves.
    """
    message = _message_of(token)
    if language is None:
        translation.activate(message.language)
    return _page(request, message, token)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def ended(request: HttpRequest, language: str, token: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """No more of them, from this second on."""
    message = _message_of(token)
    if request.method == "POST":
        end_reminders(message=message, now=timezone.now())
    return _page(request, message, token, was_ended=request.method == "POST")


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def agreed(request: HttpRequest, language: str, token: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Whoever reads that address agrees to be reminded there: one tap, because telephones open links by themselves."""
    contact = _contact_of(token)
    is_agreed = request.method == "POST" and confirm_wish(contact=contact, now=timezone.now())
    context = {
        "company": contact.company,
        "address": masked_address(contact.address),
        "is_agreed": is_agreed or contact.confirmed_at is not None,
    }
    return _private(render(request, "web/reminders/agree.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def wish(request: HttpRequest, language: str, code: str, token: str) -> HttpResponse:
    """Whoever has found a bill, or holds its receipt, asks to be reminded of this customer's bills."""
    company = the_company(code)
    bill = find_bill_by_id(company_id=company.id, bill_id=read_remind_link(token, company=company))
    if bill is None:
        raise Http404
    words, now = typed(request.POST.get("address", "")).strip(), timezone.now()
    if request.method != "POST" or picture_asked(request.POST):
        return _wish_page(request, company, token, words=words)

    def ask(*, challenge_passed: bool) -> None:
        wish_reminders(
            customer=bill.customer,
            words=words,
            language=language,
            visitor=visitor_of(request),
            challenge_passed=challenge_passed,
            now=now,
        )

    try:
        try:
            ask(challenge_passed=False)
        except CaptchaNeeded:
            if not captcha_passed(request.POST, occasion=_occasion(company), now=now):
                raise
            ask(challenge_passed=True)
    except CannotDo as error:
        return _wish_page(request, company, token, words=words, error=error)
    context = {"company": company, "token": token, "asked_at": masked_address(words)}
    return _private(render(request, "web/reminders/wish.html", context))


def _wish_page(
    request: HttpRequest, company: Company, token: str, *, words: str, error: CannotDo | None = None
) -> HttpResponse:
    context: dict[str, object] = {
        "company": company,
        "token": token,
        "words": given_back(words),
        "error": sentence_of(error) if error else "",
    }
    if isinstance(error, CaptchaNeeded) or picture_asked(request.POST):
        context |= captcha_context(
            occasion=_occasion(company),
            cost=company.captcha_cost,
            language=translation.get_language() or "ar",
            post=request.POST,
            now=timezone.now(),
        )
    status = 200 if error is None else 429 if isinstance(error, CaptchaNeeded | TooManyTries) else 422
    return _private(render(request, "web/reminders/wish.html", context, status=status))


def _page(request: HttpRequest, message: ReminderMessage, token: str, *, was_ended: bool = False) -> HttpResponse:
    language = translation.get_language() or "ar"
    seen = see_reminded(message, now=timezone.now())
    context = {
        "company": message.company,
        "token": token,
        "bills": [
            (
                each,
                keeping_code(request, bill_address(company=message.company, bill_id=each.bill_id, language=language)),
            )
            for each in seen
        ],
        "address": masked_address(message.contact.address) if message.contact else "",
        "code": code_of(message.id),
        "was_ended": was_ended,
    }
    return _private(render(request, "web/reminders/reminder.html", context))


def _message_of(token: str) -> ReminderMessage:
    number = in_its_company(read_link_token(Purpose.REMINDER, token), company_of_message)
    message = find_message(number) if number is not None else None
    if message is None:
        raise Http404
    return message


def _contact_of(token: str) -> CustomerContact:
    number = in_its_company(read_link_token(Purpose.CONTACT, token), company_of_contact)
    contact = find_contact_by_id(number) if number is not None else None
    if contact is None:
        raise Http404
    return contact


def _occasion(company: Company) -> Occasion:
    return Occasion(company_code=company.code, action="wish_reminders")


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it is told to nobody."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
