"""A debt on a phone, without the paper: found, ticked, asked in instalments, approved in the office, and its page."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from bawabati.bills.models import Agreement, Bill
from bawabati.companies.models import Company
from bawabati.people.models import Staff
from browser.walking import barriers, overflow
from debtors import offer_instalments_at
from people import SALIMA, add_arrears
from staff import sign_in_browser

if TYPE_CHECKING:
    from programs import Program

SEVEN = (1_000_00, 2_430_50, 1_780_00, 3_120_75, 990_00, 2_650_00, 1_430_50)


@pytest.fixture
def seven(company: Company) -> list[Bill]:
    company.allows_part_payment = True
    company.save()
    offer_instalments_at(company, lookup_factor="bill_amount")
    return add_arrears(company, *SEVEN)


def look(page: Page, name: str) -> None:
    """Everybody can read it, and it does not scroll sideways."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_debt_is_found_ticked_and_paid_in_instalments(
    portal: Program, new_page: Callable[..., Page], seven: list[Bill], language: str
) -> None:
    page = new_page(width=360, language=language)
    page.goto(f"{portal.url}/{language}/oran/pay/")
    page.locator(f"a[href$='/{language}/oran/debts/']").click()
    look(page, f"debts-find-{language}")
    page.fill("#number", seven[0].customer.number)
    page.fill("#factor", "1430,50")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("input[name=bill]")).to_have_count(len(seven))
    look(page, f"debts-list-{language}")
    page.locator("input[name=bill]").nth(6).uncheck()
    page.locator("button[name=add_up]").click()
    expect(page.locator("input[name=bill]:checked")).to_have_count(6)
    page.locator("button[name=go]").last.click()
    expect(page.locator("input[name=order]")).to_have_count(1)
    look(page, f"debts-review-{language}")
    page.locator("main p.links a").first.click()
    page.locator("a[href$='/instalments/']").click()
    page.fill("#tranches", "4")
    page.locator("button[name=show]").last.click()
    look(page, f"debts-ask-{language}")
    page.check("input[name=accept]")
    page.locator("button[name=ask]").click()
    expect(page).to_have_url(f"{portal.url}/{language}/instalments/" + page.url.split("/")[-2] + "/")
    look(page, f"debts-asked-{language}")
    office = new_page(width=1280, language=language)
    sign_in_browser(office, portal.url, Staff.objects.get(login=SALIMA))
    agreement = Agreement.objects.get()
    office.goto(f"{portal.url}/{language}/office/instalments/")
    look(office, f"debts-office-list-{language}")
    office.goto(f"{portal.url}/{language}/office/instalments/{agreement.id}/")
    look(office, f"debts-office-{language}")
    office.locator("form[action$='/approve/'] button").click()
    expect(office.locator("h1 .state.is-agreed")).to_be_visible()
    page.reload()
    look(page, f"debts-agreed-{language}")
    page.locator("main a.button").click()
    look(page, f"debts-tranche-{language}")
    assert Bill.objects.filter(tranche_of=agreement).count() == 4
