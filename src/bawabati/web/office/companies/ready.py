"""What is still missing before the company opens: each point with its page, and the button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.companies.models import Company
from bawabati.companies.rules import Point, Standing, is_ready
from bawabati.flows.change_company import OPENING, look_of
from bawabati.flows.steps.readiness import readiness_of
from bawabati.people.rules import Action
from bawabati.web.shared.who import StaffRequest, staff_page


@dataclass(frozen=True, slots=True)
class About:
    """A point in words, where it is seen to, and with which right."""

    title: str
    words: str
    url_name: str
    argument: str
    action: Action


ABOUT: Final = {
    Point.IDENTITY: About(
        _("Identity"),
        _("Names, addresses, telephone and registrations: they stand on every receipt."),
        *("office_company_identity", "", Action.CHANGE_COMPANY),
    ),
    Point.PAYMENT_TERMS: About(
        _("Payment terms"),
        _("In three languages. A text is proposed: read it, change what is not so with you, publish it."),
        *("office_text", "payment_terms", Action.CHANGE_TEXTS),
    ),
    Point.SALE_TERMS: About(
        _("Sale terms"),
        _("In three languages. A text is proposed: read it, change what is not so with you, publish it."),
        *("office_text", "sale_terms", Action.CHANGE_TEXTS),
    ),
    Point.MERCHANT_ACCOUNT: About(
        _("Merchant account"),
        _("As your bank gave it to you: one person writes it down, another approves it."),
        *("office_gateway", "", Action.SEE_COMPANY),
    ),
    Point.SURPLUS: About(
        _("Who sees to a surplus"),
        _("A finance officer or an agency head: money that found its bill settled is theirs to see to."),
        *("office_company_surplus", "", Action.CHANGE_COMPANY),
    ),
    Point.HELP: About(
        _("Help"),
        _("What payers ask most. A text is proposed."),
        *("office_text", "help", Action.CHANGE_TEXTS),
    ),
    Point.PEOPLE: About(
        _("People who work here"),
        _("An administrator and a finance officer at least: several things take two people."),
        *("staff_people", "", Action.SEE_STAFF),
    ),
    Point.AGENCIES: About(
        _("Agencies"),
        _("One by one, or all of them from a file."),
        *("office_agencies", "", Action.SEE_COMPANY),
    ),
    Point.TERRITORY: About(
        _("Territory"),
        _("The wilayas by which payers find the company on the first page."),
        *("office_company_territory", "", Action.CHANGE_COMPANY),
    ),
    Point.CALENDAR: About(
        _("Calendar"),
        _("Holidays that follow the moon, and days of your own: promised days count with them."),
        *("office_company_calendar", "", Action.SEE_COMPANY),
    ),
    Point.LOGO: About(_("Logo"), _("It stands on every receipt."), "office_company_logo", "", Action.CHANGE_COMPANY),
    Point.COLOURS: About(
        _("Colours"), _("So that payers recognise your pages."), "office_company_colours", "", Action.CHANGE_COMPANY
    ),
    Point.CARD_MARK: About(
        _("Mark of CIB and Edahabia"),
        _("Its use has to be allowed by your bank; the operator then shows it with the command upload-mark."),
        *("", "", Action.CHANGE_COMPANY),
    ),
    Point.BILLS: About(
        _("Bills"),
        _("The first file of bills: try it before payers come."),
        *("office_bills", "", Action.SEE_BILLS),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A point as the page shows it; `address` is empty where this person has nothing to do there."""

    title: str
    words: str
    address: str
    is_done: bool
    is_needed: bool


@require_safe
@staff_page(Action.SEE_COMPANY)
def ready(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The list, the needed points first in it, and whether the company may open."""
    row = request.place.company
    standings = readiness_of(row, now=timezone.now())
    context = {
        "row": row,
        "needed": [_line(request, standing) for standing in standings if standing.is_needed],
        "advised": [_line(request, standing) for standing in standings if not standing.is_needed],
        "is_ready": is_ready(standings),
        "seen": look_of(row, OPENING),
        "may_change": request.may(Action.CHANGE_COMPANY),
    }
    return render(request, "web/office/companies/ready.html", context)


def missing_of(company: Company) -> list[str]:
    """The titles of what is needed before it opens and is not there."""
    standings = readiness_of(company, now=timezone.now())
    return [gettext(ABOUT[one.point].title) for one in standings if one.is_needed and not one.is_done]


def _line(request: StaffRequest, standing: Standing) -> Line:
    about = ABOUT[standing.point]
    arguments = [get_language(), *([about.argument] if about.argument else [])]
    may = bool(about.url_name) and request.may(about.action)
    return Line(
        title=gettext(about.title),
        words=gettext(about.words),
        address=reverse(about.url_name, args=arguments) if may else "",
        is_done=standing.is_done,
        is_needed=standing.is_needed,
    )
