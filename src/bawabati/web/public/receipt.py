"""The receipt: on the page, printed, as PDF, as a picture, by e-mail. It opens by its own secret address.

The receipt keeps the language of its payment; what stands around it follows the reader.
"""

from base64 import b64encode
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import ClassVar, Literal

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.reads import get_company
from bawabati.errors import CannotDo
from bawabati.flows.choose_surplus import choose_surplus
from bawabati.flows.email_receipt import email_receipt
from bawabati.flows.leave_phone import forget_phone, leave_phone
from bawabati.flows.render_receipt import render_receipt
from bawabati.guard.rules import CaptchaNeeded, TooManyTries
from bawabati.links import Purpose, read_link_token
from bawabati.notices.reads import find_latest_notice, find_latest_sms, find_phone
from bawabati.notices.rules import masked_address
from bawabati.payments.reads import list_lines
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import company_of_receipt, find_receipt
from bawabati.receipts.rules import Facts
from bawabati.web.public.bill_link import remind_address
from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.emails import EmailWrong, is_email
from bawabati.web.public.given_back import given_back_of, read_choice
from bawabati.web.public.typed import given_back, may_be_a_card, typed
from bawabati.web.shared.companies import in_its_company
from bawabati.web.shared.frame import direction_of
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of

PRINT_SCRIPT = mark_safe('window.addEventListener("load", () => window.print());')
PRINT_SCRIPT_HASH = f"'sha256-{b64encode(sha256(PRINT_SCRIPT.encode()).digest()).decode()}'"
"""The one script that stands in a page: allowed there by its digest alone, it spares a request."""
CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png"}


class EmailMissing(CannotDo):
    """Nothing was typed."""

    code: ClassVar[str] = "email_missing"
    sentence: ClassVar[str] = "Type the e-mail address to which the receipt should go."


class PhoneMissing(CannotDo):
    """Nothing was typed."""

    code: ClassVar[str] = "phone_missing"
    sentence: ClassVar[str] = "Type the mobile number to which SMS should go."


@require_safe
def receipt(request: HttpRequest, token: str, language: str | None = None) -> HttpResponse:
    """The receipt's page; in the receipt's language unless the address names another."""
    found = _receipt_of(token)
    if language is None:
        translation.activate(found.facts["language"])
    return _page(request, found, token)


@csp_update({"script-src": [PRINT_SCRIPT_HASH]})  # type: ignore[arg-type]  # it knows no arguments of an address
@require_safe
def printed(request: HttpRequest, token: str, language: str | None = None) -> HttpResponse:
    """The receipt alone, with the browser's print dialog where scripts may run."""
    found = _receipt_of(token)
    if language is None:
        translation.activate(found.facts["language"])
    return _private(render(request, "web/receipt_print.html", _context(found, token) | {"script": PRINT_SCRIPT}))


@require_safe
def document(request: HttpRequest, token: str, form: Literal["pdf", "png"]) -> HttpResponse:  # noqa: ARG001 - a view
    """The same receipt as a file, rendered again each time from what was stored."""
    found = _receipt_of(token)
    response = HttpResponse(render_receipt(receipt_id=found.id, form=form), content_type=CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{found.facts["number"]}.{form}"'
    return _private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def emailed(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """Sends it once more; the page then says how the message is doing."""
    found = _receipt_of(token)
    if request.method != "POST":  # the page with an error, in another language or loaded again
        return HttpResponseRedirect(f"/{language}/r/{token}/")
    address, now = typed(request.POST.get("email", "")).strip(), timezone.now()
    if picture_asked(request.POST):
        return _page(request, found, token, email=given_back(address))
    try:
        _check(address)
        _send(request, found, address, now=now)
    except CannotDo as error:
        return _page(request, found, token, error=error, email=given_back(address))
    return HttpResponseRedirect(f"/{language}/r/{token}/#email", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def texted(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """The payer leaves a mobile number, to be told of this payment by SMS."""
    found = _receipt_of(token)
    if request.method != "POST":
        return HttpResponseRedirect(f"/{language}/r/{token}/")
    phone = typed(request.POST.get("phone", "")).strip()
    if picture_asked(request.POST):
        return _page(request, found, token, form="sms", phone=given_back(phone))
    try:
        if not phone:
            raise PhoneMissing
        _leave(request, found, phone, language=language, now=timezone.now())
    except CannotDo as error:
        return _page(request, found, token, form="sms", error=error, phone=given_back(phone))
    return HttpResponseRedirect(f"/{language}/r/{token}/#sms", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def untexted(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """The payer wants the number forgotten."""
    found = _receipt_of(token)
    if request.method == "POST":
        forget_phone(receipt=found)
    return HttpResponseRedirect(f"/{language}/r/{token}/#sms", status=303)


def _leave(request: HttpRequest, found: Receipt, phone: str, *, language: str, now: datetime) -> None:
    """A captcha is spent only when one is asked for."""
    leave = partial(leave_phone, receipt=found, phone=phone, language=language, visitor=visitor_of(request), now=now)
    try:
        leave(challenge_passed=False)
    except CaptchaNeeded:
        if not captcha_passed(request.POST, occasion=_occasion(found), now=now):
            raise
        leave(challenge_passed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def surplus(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """The payer says what becomes of a surplus, while nobody has decided."""
    found = _receipt_of(token)
    if request.method != "POST":
        return HttpResponseRedirect(f"/{language}/r/{token}/")
    try:
        choose_surplus(payment_id=found.payment_id, choice=read_choice(request), now=timezone.now())
    except CannotDo as error:
        return _page(request, found, token, surplus_error=error)
    return HttpResponseRedirect(f"/{language}/r/{token}/#surplus", status=303)


def _send(request: HttpRequest, found: Receipt, address: str, *, now: datetime) -> None:
    """A captcha is spent only when one is asked for."""
    visitor = visitor_of(request)
    try:
        email_receipt(receipt=found, address=address, visitor=visitor, challenge_passed=False, now=now)
    except CaptchaNeeded:
        if not captcha_passed(request.POST, occasion=_occasion(found), now=now):
            raise
        email_receipt(receipt=found, address=address, visitor=visitor, challenge_passed=True, now=now)


def _receipt_of(token: str) -> Receipt:
    receipt_id = in_its_company(read_link_token(Purpose.RECEIPT, token), company_of_receipt)
    found = find_receipt(receipt_id) if receipt_id is not None else None
    if found is None:
        raise Http404
    return found


def _check(address: str) -> None:
    if not address:
        raise EmailMissing
    if may_be_a_card(address) or not is_email(address):
        raise EmailWrong


def _page(
    request: HttpRequest,
    found: Receipt,
    token: str,
    *,
    form: Literal["email", "sms"] = "email",
    error: CannotDo | None = None,
    email: str = "",
    phone: str = "",
    surplus_error: CannotDo | None = None,
) -> HttpResponse:
    """`error` is that of the form named so."""
    context = _context(found, token) | {
        "notice": find_latest_notice(company_id=found.company_id, reference=f"receipt:{found.id}"),
        "email": email,
        "phone": phone,
        f"{form}_error": sentence_of(error) if error else "",
        "asked_form": form,
        "surplus_error": sentence_of(surplus_error) if surplus_error else "",
        "remind_address": _remind_address(found),
        **_by_sms(found),
    }
    if isinstance(error, CaptchaNeeded) or picture_asked(request.POST):
        context |= captcha_context(
            occasion=_occasion(found),
            cost=get_company(found.company_id).captcha_cost,
            language=translation.get_language() or "ar",
            post=request.POST,
            now=timezone.now(),
        )
    wrong = error or surplus_error
    status = 200 if wrong is None else 429 if isinstance(wrong, CaptchaNeeded | TooManyTries) else 422
    return _private(render(request, "web/receipt.html", context, status=status))


def _remind_address(found: Receipt) -> str:
    """Where one asks to be reminded of this customer's next bills; good for half an hour.

    It opens no bill: who has a receipt's address may have it from another.
    """
    bill, language = list_lines(found.payment_id)[0].bill, translation.get_language() or "ar"
    return remind_address(company=get_company(found.company_id), bill_id=bill.id, language=language)


def _by_sms(found: Receipt) -> dict[str, object]:
    """Nothing where no SMS are sent."""
    if not settings.SMS_URL:
        return {"sends_sms": False}
    left = find_phone(company_id=found.company_id, reference=f"payment:{found.payment_id}")
    return {
        "sends_sms": True,
        "left_phone": masked_address(left.phone) if left else "",
        "sms": find_latest_sms(company_id=found.company_id, reference=f"receipt:{found.id}") if left else None,
    }


def _occasion(found: Receipt) -> Occasion:
    return Occasion(company_code=str(found.company_id), action="email_receipt", form_key=str(found.id))


def _context(found: Receipt, token: str) -> dict[str, object]:
    facts = Facts.from_json(found.facts)
    return {
        "company": get_company(found.company_id),
        "facts": facts,
        "facts_direction": direction_of(facts.language),
        "back": given_back_of(found, facts),
        "token": token,
    }


def _private(response: HttpResponse) -> HttpResponse:
    """Never kept, never listed, and its address is told to nobody."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
