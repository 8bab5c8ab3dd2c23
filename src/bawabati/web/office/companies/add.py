"""A company joins: the page of people who work nationally. What is asked here is all that has to be known at first."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from bawabati.companies.reads import list_companies
from bawabati.companies.rules import MINTED_FORMAT
from bawabati.errors import CannotDo
from bawabati.flows.add_company import Administrator, BeginningCompany, CompanyFacts, add_company
from bawabati.flows.change_company import read_wilayas
from bawabati.links import invitation_address
from bawabati.people.rules import Action, Level, Where
from bawabati.web.office.companies.fields import error_above, shown_fields
from bawabati.web.office.companies.numbers import (
    Tried,
    format_fields,
    tried_numbers,
    typed_format,
    words_of_error,
)
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.staff_session import work_at
from bawabati.web.shared.who import StaffRequest, staff_page

_COMPANY: Final = ("name_ar", "name_fr", "name_en", "code", "email", "wilayas")
_PERSON: Final = ("administrator_name", "administrator_login", "administrator_language")
_LATER: Final = ("legal_form", "address_ar", "address_fr", "phone", "nif", "nis", "rc", "ai")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.ADD_COMPANY, at=Level.NATION, stepped_up=True)
def add(request: StaffRequest, language: str) -> HttpResponse:
    """The form: "try" reads sample numbers, "add" makes the company, closed, and invites its administrator."""
    error: CannotDo | None = None
    tried: list[Tried] = []
    if request.method == "POST":
        try:
            number_format = typed_format(request)
            tried = tried_numbers(request, number_format)
            if typed_line(request, "act") == "add":
                return _added(request, language)
        except CannotDo as refused:
            error = refused
    context = format_fields(request, MINTED_FORMAT, tried) | {
        "company_fields": _fields(request, _COMPANY, error),
        "person_fields": _fields(request, _PERSON, error),
        "companies": list_companies(),
        "error": _above(error),
    }
    return render(request, "web/office/companies/add.html", context, status=422 if error else 200)


def _added(request: StaffRequest, language: str) -> HttpResponse:
    """Whoever has added it works there from now on; the invitation's link is shown once."""
    typed = {name: typed_line(request, name) for name in (*_COMPANY, *_PERSON)}
    company, invitation = add_company(
        BeginningCompany(
            code=typed["code"].lower(),
            facts=CompanyFacts(
                name_ar=typed["name_ar"],
                name_fr=typed["name_fr"],
                name_en=typed["name_en"] or typed["name_fr"],
                email=typed["email"],
                **dict.fromkeys(_LATER, ""),
            ),
            wilayas=read_wilayas(typed["wilayas"]),
            number_format=typed_format(request),
            administrator=Administrator(
                login=typed["administrator_login"].lower(),
                name=typed["administrator_name"],
                language=_language(typed["administrator_language"]),
            ),
        ),
        login=request.staff.login,
        now=timezone.now(),
    )
    work_at(request, Where(company.id))
    address = invitation_address(invitation.id, language=get_language() or language) if invitation else ""
    context = {"row": company, "login": typed["administrator_login"], "link": address}
    return render(request, "web/office/companies/added.html", context)


def _fields(request: StaffRequest, names: tuple[str, ...], error: CannotDo | None) -> object:
    kinds = {name: "choice" if name == "administrator_language" else "text" for name in names}
    kept = {name: "ar" if name == "administrator_language" else "" for name in names}
    choices = {"administrator_language": list(LANGUAGE_NAMES.items())}
    return shown_fields(request, kinds, kept=kept, error=error, choices=choices)


def _above(error: CannotDo | None) -> str:
    return words_of_error(error) if error is not None and error_above(error) else ""


def _language(typed: str) -> str:
    return typed if typed in LANGUAGE_NAMES else "ar"
