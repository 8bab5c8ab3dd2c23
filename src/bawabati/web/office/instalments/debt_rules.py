"""What the company lets a debtor do: one form, sent back with what is wrong beside the field."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bawabati.bills.reads import amounts_shared, debt_rules_of
from bawabati.bills.rules import MOST_SHARING, LookupFactor
from bawabati.companies.rules import SettingMissing
from bawabati.errors import CannotDo
from bawabati.flows.ask_instalments import terms_of_instalments
from bawabati.flows.change_debt_rules import RANGES, change_debt_rules
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.companies.fields import error_above, shown_fields
from bawabati.web.office.instalments.words import FACTORS
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.who import StaffRequest, staff_page

KINDS: Final = {
    "lookup_factor": "choice",
    "oldest_first_only": "flag",
    "instalments_most": "number",
    "instalments_from_centimes": "amount",
    "first_percent": "number",
    "late_after_days": "number",
    "broken_after_days": "number",
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def debt_rules(request: StaffRequest, language: str) -> HttpResponse:
    """The second value, the order of payments, the instalments that are granted."""
    company, error = request.place.company, None
    if request.method == "POST":
        try:
            _change(request)
        except CannotDo as refused:
            error = refused
        else:
            return to("office_instalments")
    rules = debt_rules_of(company.id)
    choices = {"lookup_factor": [(value, gettext(words)) for value, words in FACTORS.items()]}
    context = {
        "fields": shown_fields(
            request, KINDS, kept={name: getattr(rules, name) for name in KINDS}, error=error, choices=choices
        ),
        "error": error_above(error),
        "amounts": amounts_shared(company.id),
        "most_sharing": MOST_SHARING,
        "lacks_terms": bool(rules.instalments_most)
        and terms_of_instalments(company, language=language, now=timezone.now()) is None,
    }
    return render(request, "web/office/instalments/rules.html", context, status=422 if error else 200)


def _change(request: StaffRequest) -> None:
    factor = typed_line(request, "lookup_factor")
    if factor not in set(LookupFactor):
        raise SettingMissing("lookup_factor")
    change_debt_rules(
        company_id=request.place.company.id,
        lookup_factor=LookupFactor(factor),
        oldest_first_only="oldest_first_only" in request.POST,
        numbers={name: _number(request, name) for name in RANGES},
        staff=request.staff,
        now=timezone.now(),
    )


def _number(request: StaffRequest, name: str) -> int:
    text = typed_line(request, name)
    if not text:
        raise SettingMissing(name)
    return parse_amount(text).centimes if KINDS[name] == "amount" else number_of(text)
