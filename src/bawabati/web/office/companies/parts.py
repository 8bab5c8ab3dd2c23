"""Identity, limits, surplus and logo: one form for each, sent back with what is wrong beside the field."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from bawabati.companies.models import Company
from bawabati.companies.rules import IDENTITY, MarkRefused, SettingMissing, SurplusBecomes
from bawabati.errors import CannotDo
from bawabati.flows.change_company import (
    COLOURS,
    HOST,
    LIMITS,
    LOGO,
    TERRITORY,
    change_colours,
    change_host_name,
    change_identity,
    change_limits,
    change_logo,
    change_surplus,
    change_territory,
    look_of,
)
from bawabati.money.amount import Money
from bawabati.money.typed import parse_amount
from bawabati.people.reads import list_people
from bawabati.people.rules import ALLOWED, Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.companies.fields import error_above, shown_fields
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

LARGEST_LOGO: Final = 64 * 1024
_FLAGS: Final = ("allows_part_payment", "offers_other_bills", "cheques_carry_stamp_duty")
_KINDS_OF_LIMITS: Final = {name: "flag" if name in _FLAGS else "amount" for name in LIMITS}
_KINDS_OF_SURPLUS: Final = {
    "surplus_owner_login": "choice",
    "surplus_becomes": "choice",
    "surplus_promised_working_days": "number",
}
BECOMES: Final = {
    SurplusBecomes.CREDIT: _("credit for the customer's next bill"),
    SurplusBecomes.CARD: _("refund to the card, once a person has approved it"),
}

_HINTS: Final = {
    "colours": _(
        "As # and six signs, for example #0b5d7a. Empty: the portal's own. What could not be read is refused, and a "
        "darker one named. For dark screens a brighter one is found by itself."
    ),
    "territory": _("Parted by commas, for example 31, 46 or وهران. Payers find the company by them on the first page."),
    "host": _(
        "For people who work nationally: the name has to lead to this server, and its certificate has to be there, "
        "before it is written here. Links in letters and on receipts lead there from then on. Empty: none."
    ),
}

Change = Callable[[StaffRequest], object]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def identity(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Names, addresses, registrations."""
    return _form(request, _("Identity"), dict.fromkeys(IDENTITY, "text"), _change_identity)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def limits(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """How little and how much may be paid, and what payers may choose."""
    return _form(request, _("Limits and choices"), _KINDS_OF_LIMITS, _change_limits)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def surplus(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Who sees to money that found its bill settled."""
    owners = {
        role.staff.login: role.staff.name
        for role in list_people(request.place.company.id)
        if role.role in ALLOWED[Action.OWN_CASE]
    }
    choices = {
        "surplus_owner_login": [(login, f"{name} ({login})") for login, name in owners.items()],
        "surplus_becomes": [(value.value, gettext(words)) for value, words in BECOMES.items()],
    }
    return _form(request, _("Surplus"), _KINDS_OF_SURPLUS, _change_surplus, choices)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def logo(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The drawing on receipts."""
    company, error = request.place.company, None
    if request.method == "POST":
        try:
            change_logo(
                company_id=company.id,
                content=_logo_sent(request),
                seen=typed_line(request, "seen"),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_company")
    context = {
        "logo": logo_address(company),
        "seen": look_of(company, LOGO),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/companies/logo.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def colours(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The colours of its pages: one of links and buttons that can be read, one behind the head."""
    return _form(request, _("Colours"), dict.fromkeys(COLOURS, "text"), _change_colours, hint=_HINTS["colours"])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def territory(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The wilayas by which payers find it."""
    return _form(request, _("Territory"), dict.fromkeys(TERRITORY, "text"), _change_territory, hint=_HINTS["territory"])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY, stepped_up=True)
def host(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Its own host name: letters, receipts and the bank lead payers there. Of people who work nationally only."""
    return _form(request, _("Own host name"), dict.fromkeys(HOST, "text"), _change_host, hint=_HINTS["host"])


def logo_address(company: Company) -> str:
    """The logo as an address that needs no request of its own; empty where there is none."""
    return f"data:image/svg+xml;base64,{b64encode(company.logo_svg.encode()).decode()}" if company.logo_svg else ""


def _form(
    request: StaffRequest,
    title: str,
    kinds: Mapping[str, str],
    change: Change,
    choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    *,
    hint: str = "",
) -> HttpResponse:
    company = request.place.company
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            change(request)
        except CannotDo as refused:
            error = refused
        else:
            return to("office_company")
    kept = {column: getattr(company, column) for column in kinds}
    context = {
        "title": gettext(title),
        "hint": gettext(hint) if hint else "",
        "fields": shown_fields(request, kinds, kept=kept, error=error, choices=choices),
        "seen": typed_line(request, "seen") if request.method == "POST" else look_of(company, list(kinds)),
        "error": error_above(error),
    }
    return render(request, "web/office/companies/part.html", context, status=422 if error else 200)


def _change_identity(request: StaffRequest) -> object:
    return change_identity(
        company_id=request.place.company.id,
        values={column: typed_line(request, column) for column in IDENTITY},
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _change_colours(request: StaffRequest) -> object:
    return change_colours(
        company_id=request.place.company.id,
        values={column: typed_line(request, column) for column in COLOURS},
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _change_territory(request: StaffRequest) -> object:
    return change_territory(
        company_id=request.place.company.id,
        written=typed_line(request, "wilayas"),
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _change_host(request: StaffRequest) -> object:
    return change_host_name(
        company_id=request.place.company.id,
        written=typed_line(request, "host_name"),
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _change_limits(request: StaffRequest) -> object:
    values: dict[str, Money | bool] = {name: name in request.POST for name in _FLAGS}
    for name in LIMITS:
        if name not in _FLAGS:
            text = typed_line(request, name)
            if not text:
                raise SettingMissing(name)
            values[name] = parse_amount(text)
    return change_limits(
        company_id=request.place.company.id,
        values={name: values[name] for name in LIMITS},
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _change_surplus(request: StaffRequest) -> object:
    becomes = typed_line(request, "surplus_becomes")
    if becomes not in set(SurplusBecomes):
        raise SettingMissing("surplus_becomes")
    return change_surplus(
        company_id=request.place.company.id,
        owner_login=typed_line(request, "surplus_owner_login"),
        becomes=SurplusBecomes(becomes),
        days=number_of(typed_line(request, "surplus_promised_working_days")),
        seen=typed_line(request, "seen"),
        staff=request.staff,
        now=timezone.now(),
    )


def _logo_sent(request: StaffRequest) -> bytes:
    """What the form brings; nothing takes the logo away. Raises SettingMissing, MarkRefused."""
    if typed_line(request, "act") == "remove":
        return b""
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise SettingMissing("logo_svg")
    if file.size > LARGEST_LOGO:
        raise MarkRefused(problem=f"it has more than {LARGEST_LOGO // 1024} KB")
    return bytes(file.read())
