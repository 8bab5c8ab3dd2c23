"""Checking receipts where the line is cut: a page that a desk keeps, with the public keys in it."""

from base64 import b64encode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.companies.reads import list_signers
from bawabati.people.rules import Action
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.PRINT_RECEIPT)
def checking(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """How to check a receipt, with a line and without one."""
    return render(request, "web/counter/receipts.html")


@require_safe
@staff_page(Action.PRINT_RECEIPT)
def kept_page(request: StaffRequest, language: str) -> HttpResponse:
    """The page to keep: one file that asks nobody. Whoever changed it would only fool himself."""
    company, now = request.place.company, timezone.now()
    keys = {
        signer.name: {"code": company.code, "key": b64encode(signer.public_key).decode()}
        for signer in list_signers(purpose="receipt")
        if signer.company == company
    }
    context = {"company": company, "keys": keys, "language": language, "now": now}
    page = render_to_string("web/counter/kept_receipt_check.html", context, request=request)
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="bawabati-receipts.html"'
    return response
