"""The days of the company in a real browser: every page of closing is readable by everybody, at every width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agency import FLOAT, At, add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_day import close_company_day, see_company_day
from bawabati.flows.close_session import close_session
from bawabati.flows.export_payments import export_payments
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day
from browser.pictures import keep_picture
from browser.walking import Walk, barriers, overflow
from people import SALIMA, add_bill
from staff import sign_in_browser

TELEPHONE = 360
AGO = 3
"""Days since the first money."""


@pytest.fixture
def worked(company: Company) -> At:
    """Two days at a desk: the first signed by the agency and closed, the second neither."""
    at, now = add_agency(company), timezone.now()
    for ahead in (0, 1):
        then = now - timedelta(days=AGO - ahead)
        session = open_desk(at, now=then)
        for seed in range(3):
            cash(session, add_bill(company, seed=seed + 10 * ahead + 1), now=then)
        if ahead == 0:
            close_session(
                session_id=session.id,
                counted=FLOAT,
                because="compté par deux",
                staff=at.houria,
                now=then,
                handing_over=False,
            )
            day = accounting_day(then)
            close_agency_day(agency_id=at.agency.id, day=day, staff=at.houria, now=then, signs_unknown=False)
    return at


def finance() -> Staff:
    return Staff.objects.get(login=SALIMA)


def close_first(company: Company) -> date:
    day, now = accounting_day(timezone.now()) - timedelta(days=AGO), timezone.now()
    owners = {one.key: SALIMA for one in see_company_day(company_id=company.id, day=day).unowned}
    close_company_day(company_id=company.id, day=day, staff=finance(), owners=owners, now=now)
    return day


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("en", 360), ("ar", 1280), ("fr", 360)])
def test_no_page_of_closing_keeps_anybody_out(
    walk: Callable[..., Walk], company: Company, worked: At, language: str, width: int
) -> None:
    visitor = walk(language=language, width=width)
    page, start = visitor.page, f"{visitor.portal}/{language}/office/closing/"
    day = close_first(company)
    export_payments(company_id=worked.company.id, staff=finance(), now=timezone.now())
    sign_in_browser(page, visitor.portal, finance())
    for name in ("", f"days/{day}/", f"days/{day + timedelta(days=1)}/", "files/", "journals/"):
        page.goto(f"{start}{name}")
        look(page, name)
        if name == f"days/{day}/" and width > TELEPHONE:
            keep_picture(page, f"closed-day-{language}")
    page.goto(f"{start}days/{day + timedelta(days=1)}/close/")
    look(page, "close")


def test_finance_closes_a_day_by_keyboard_and_names_who_sees_to_it(
    walk: Callable[..., Walk], company: Company, worked: At
) -> None:
    visitor = walk(language="fr", width=1280)
    page, start = visitor.page, f"{visitor.portal}/fr/office/closing/"
    day = close_first(company) + timedelta(days=1)
    sign_in_browser(page, visitor.portal, finance())
    page.goto(f"{start}days/{day}/")
    page.locator(".button.act").press("Enter")
    expect(page.locator("form.paper select")).to_have_count(1)
    page.locator("form.paper select").select_option(SALIMA)
    page.locator("form.paper button").press("Enter")
    expect(page).to_have_url(f"{start}days/{day}/")
    expect(page.locator(".good-note").first).to_contain_text("certificat n° 2")
    expect(page.locator(".differences")).to_contain_text(f"{worked.agency.code} n’a pas signé")
