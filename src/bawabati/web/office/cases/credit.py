"""A customer's credit is put to one of his bills."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.companies.rules import clean_number
from bawabati.errors import CannotDo
from bawabati.flows.apply_credit import apply_credit
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.web.office.cases.typed_words import typed_words
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

KEY_LENGTH: Final = 43


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.APPLY_CREDIT)
def credit(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form, and what came of it. Its key makes a form that is sent twice one wish."""
    context: dict[str, object] = {"key": token_urlsafe(32), "filled": {}}
    if request.method != "POST":
        return render(request, "web/office/cases/credit.html", context)
    typed = typed_line(request, "amount")
    try:
        use = apply_credit(
            company=request.place.company,
            payment_number=clean_number(typed_line(request, "payment_number")),
            amount=parse_amount(typed) if typed else None,
            because=typed_words(request, "because"),
            key=typed_line(request, "key")[:KEY_LENGTH] or token_urlsafe(32),
            login=request.staff.login,
            now=timezone.now(),
        )
    except CannotDo as error:
        context |= {
            "error": sentence_of(error),
            "filled": {name: given_back(str(value)) for name, value in request.POST.items()},
        }
        return render(request, "web/office/cases/credit.html", context, status=422)
    return render(request, "web/office/cases/credit.html", context | {"use": use})
