"""A crew's phone answers where there is no network; and the pages of reminders, as people see them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.bring_round import bring_round
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from browser.walking import barriers, overflow
from people import SALIMA, add_bill
from reminding import add_contact, add_lina
from staff import add_person, sign_in_browser

if TYPE_CHECKING:
    from programs import Program

pytestmark = pytest.mark.usefixtures("database")


def look(page: Page, name: str) -> None:
    """Everybody can read it, and it does not scroll sideways."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.fixture
def overdue(company: Company) -> Bill:
    bill = add_bill(company)
    bill.due_on = timezone.localdate() - timedelta(days=12)
    bill.save()
    return bill


@pytest.fixture
def samir(company: Company, overdue: Bill) -> Staff:
    """Of the crew; today he goes to the door of whoever owes the overdue bill."""
    samir = add_person("samir@oran.example", Role.CREW, company=company)
    bring_round(
        company_id=company.id,
        agency_id=None,
        day=timezone.localdate(),
        crew=samir,
        text=overdue.customer.number,
        staff=Staff.objects.get(login=SALIMA),
        now=timezone.now(),
    )
    return samir


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_crews_page_answers_also_without_a_network(
    portal: Program, new_page: Callable[..., Page], samir: Staff, overdue: Bill, language: str
) -> None:
    page = new_page(width=360, language=language)
    sign_in_browser(page, portal.url, samir)
    page.goto(f"{portal.url}/{language}/crew/")
    page.fill("#words", overdue.customer.number)
    page.keyboard.press("Enter")
    expect(page.locator(".told.is-not_paid")).to_be_visible()
    look(page, f"crew-{language}")
    page.locator("[data-take] button").click()
    expect(page.locator("[data-kept]")).to_be_visible()

    page.context.set_offline(True)
    page.goto(f"{portal.url}/{language}/crew/")
    expect(page.locator("[data-as-of]")).not_to_be_empty()
    page.fill("#number", f" {overdue.customer.number.lower()} ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-door=not_paid]")).to_be_visible()
    expect(page.locator("[data-left]")).to_contain_text("430,50")
    look(page, f"crew-offline-{language}")
    page.fill("#number", "999")
    page.keyboard.press("Enter")
    expect(page.locator("[data-unknown]")).to_be_visible()
    expect(page.locator("[data-door=not_paid]")).to_be_hidden()
    page.locator("[data-forget] button").click()
    expect(page.locator("[data-none]")).to_be_visible()
    page.context.set_offline(False)


def test_who_signs_out_leaves_no_list_on_the_phone(
    portal: Program, new_page: Callable[..., Page], samir: Staff
) -> None:
    page = new_page(width=360, language="fr")
    sign_in_browser(page, portal.url, samir)
    page.goto(f"{portal.url}/fr/crew/")
    page.locator("[data-take] button").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    assert "crew-list" in page.evaluate("caches.keys()")

    sign_out = page.locator("form[action$='sign-out/'] button")
    sign_out.evaluate("button => button.form.requestSubmit(button)")
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_the_pages_of_reminders_can_be_read_by_everybody(
    portal: Program, new_page: Callable[..., Page], company: Company, overdue: Bill, language: str, width: int
) -> None:
    Bill.objects.filter(id=overdue.id).update(due_on=timezone.localdate() + timedelta(days=3))
    add_contact(overdue.customer, "+213551234567", language="ar")
    page = new_page(width=width, language=language)
    sign_in_browser(page, portal.url, add_lina(company))
    for name in ("", "plan/", "words/before_due/", "days/", "stop/"):
        page.goto(f"{portal.url}/{language}/office/reminders/{name}")
        look(page, f"reminders-{name.strip('/').replace('/', '-')}-{language}")
