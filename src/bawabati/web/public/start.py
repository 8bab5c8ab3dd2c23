"""The national start page: a payer finds the own company, or types the number alone if its form says whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bawabati.companies.models import Company
from bawabati.companies.reads import list_communes, list_open_companies
from bawabati.companies.rules import LONGEST_SEARCH, Listed, NumberFormat, find_listed, whose_number
from bawabati.errors import CannotDo
from bawabati.scope import every_company
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.campaign_code import keeping_code
from bawabati.web.shared.headers import FOR_A_MINUTE
from bawabati.web.shared.own_host import company_of_the_host
from bawabati.web.shared.same_site import from_our_own_pages
from bawabati.web.shared.sentences import sentence_of
from bawabati.wilayas import Wilaya, wilayas_of

TEMPORARY_WITH_ITS_FORM = 307
"""The browser sends the same form there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A company in the list, with the wilayas that it serves."""

    company: Company
    wilayas: list[Wilaya]


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The companies that are open; with one, or on a company's own host, its home. A typed number leads on to one."""
    own = company_of_the_host()
    companies = [own] if own else list_open_companies()
    if request.method == "POST":
        return _by_number(request, companies, language)
    if len(companies) == 1:
        return HttpResponseRedirect(keeping_code(request, reverse("company", args=[language, companies[0].code])))
    response = _page(request, companies)
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return response


def _by_number(request: HttpRequest, companies: list[Company], language: str) -> HttpResponse:
    """To the one company whose number it may be, with the form as it was typed: there every try is counted.

    Nothing is looked up here: several companies are offered whether or not any of them has such a number.
    Rule: number-says-company, same-answer
    """
    number = typed(request.POST.get("number", ""))
    formats = {company.code: NumberFormat.from_json(company.number_format) for company in companies}
    try:
        found = whose_number(number, formats=formats)
    except CannotDo as error:
        return _page(request, companies, number=given_back(number), error=sentence_of(error))
    if len(found) == 1:
        address = keeping_code(request, reverse("find", args=[language, found[0]]))
        return HttpResponseRedirect(address, status=TEMPORARY_WITH_ITS_FORM)
    asked = [company for company in companies if company.code in found]
    return render(request, "web/which.html", {"companies": _shown(asked), "number": number})


def _page(request: HttpRequest, companies: list[Company], *, number: str = "", error: str = "") -> HttpResponse:
    sought = typed(request.GET.get("q", ""))[:LONGEST_SEARCH]
    found = find_listed(sought, _listed(companies)) if sought.strip() else [company.code for company in companies]
    context = {
        "companies": _shown([company for company in companies if company.code in found]),
        "count": len(companies),
        "sought": given_back(sought),
        "number": number,
        "error": error,
    }
    return render(request, "web/home.html", context, status=422 if error else 200)


def _listed(companies: list[Company]) -> list[Listed]:
    with every_company("a payer finds the own company by a commune of its agencies"):
        communes = list_communes()
    return [
        Listed(
            code=company.code,
            called=[
                *(company.code, company.name_ar, company.name_fr, company.name_en),
                *(name for wilaya in wilayas_of(company.wilayas) for name in (wilaya.name_ar, wilaya.name_fr)),
                *(wilaya.code for wilaya in wilayas_of(company.wilayas)),
                *(name for names in communes.get(company.id, []) for name in names),
            ],
        )
        for company in companies
    ]


def _shown(companies: list[Company]) -> list[Shown]:
    return [Shown(company=company, wilayas=wilayas_of(company.wilayas)) for company in companies]
