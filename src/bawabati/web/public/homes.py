"""Where people arrive at a company: its home, and the pages of words around the service."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.companies.reads import find_text, list_agencies, list_equipped_agency_ids
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.counting import count_visit
from bawabati.web.shared.headers import FOR_A_MINUTE

TEXTS = frozenset({"help", "notice", "payment_terms", "sale_terms", "instalment_terms"})


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """The bare address: Arabic first."""
    return HttpResponseRedirect(keeping_code(request, reverse("home", kwargs={"language": "ar"})))


@require_safe
def company_home(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """The company's home: its payment section leads to the service."""
    company = the_company(code)
    count_visit(request, company)
    notice = find_text(company_id=company.id, kind="notice", language=language, now=timezone.now())
    return _for_a_minute(render(request, "web/company.html", {"company": company, "notice": notice}))


@require_safe
def agencies(request: HttpRequest, language: str, code: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Where to pay in person, and where a card reader stands."""
    company = the_company(code)
    context = {
        "company": company,
        "agencies": [agency for agency in list_agencies(company.id) if agency.is_open],
        "equipped": list_equipped_agency_ids(company.id),
    }
    return _for_a_minute(render(request, "web/agencies.html", context))


@require_safe
def contact(request: HttpRequest, language: str, code: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Who the company is, as the law on electronic commerce asks, and how to reach it."""
    return _for_a_minute(render(request, "web/contact.html", {"company": the_company(code)}))


@require_safe
def company_text(request: HttpRequest, language: str, code: str, kind: str) -> HttpResponse:
    """The version of a text of the company that holds now."""
    company = the_company(code)
    if kind not in TEXTS:
        raise Http404
    text = find_text(company_id=company.id, kind=kind, language=language, now=timezone.now())
    return _for_a_minute(render(request, "web/text.html", {"company": company, "kind": kind, "text": text}))


def _for_a_minute(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return response
