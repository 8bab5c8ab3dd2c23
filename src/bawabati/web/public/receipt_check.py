"""Whoever holds a receipt asks whether it is genuine. No sign-in, no cookie, and nothing of the payer in the answer."""

import re
from base64 import b64encode
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.reads import list_signers
from bawabati.flows.check_receipt import check_receipt
from bawabati.guard.rules import TooManyTries
from bawabati.web.shared.headers import FOR_A_MINUTE
from bawabati.web.shared.languages import wished_language
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.visitors import visitor_of

LONGEST: Final = 400


@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the QR code: it names no language, for it is short."""
    return HttpResponseRedirect(reverse("receipt_code", kwargs={"language": wished_language(request), "code": code}))


@require_safe
def answer(request: HttpRequest, language: str, code: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What the books say of it now."""
    return _page(request, code)


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """The address as somebody types it from a receipt."""
    return HttpResponseRedirect(reverse("receipt_check", kwargs={"language": wished_language(request)}))


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def ask(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """A field for what a scanner has read."""
    if request.method != "POST":
        return render(request, "web/receipt_check.html")
    return _page(request, request.POST.get("code", "")[:LONGEST])


def _page(request: HttpRequest, typed: str) -> HttpResponse:
    """What was typed is not given back: of a wrong one nobody knows what it is."""
    try:
        code = re.sub(r"\s", "", typed)
        context = {"checked": check_receipt(typed=code, visitor=visitor_of(request), now=timezone.now()), "error": ""}
    except TooManyTries as error:
        context = {"checked": None, "error": sentence_of(error)}
    response = render(request, "web/receipt_check.html", context, status=429 if context["error"] else 200)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The public keys of every company, for whoever checks receipts with a program of their own."""
    told = [
        {
            "company": signer.company.code,
            "company_name": signer.company.name_fr,
            "key": signer.name,
            "ed25519": b64encode(signer.public_key).decode(),
            "since": signer.made_at.isoformat(),
            "until": signer.retired_at.isoformat() if signer.retired_at else None,
        }
        for signer in list_signers(purpose="receipt")
        if signer.company
    ]
    response = JsonResponse({"keys": told})
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return response
