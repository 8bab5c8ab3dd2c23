"""A debt on a phone, without the paper: found, ticked, asked in instalments, approved in the office, and its page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pymupdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.bills.models import Agreement, Bill
from bawabati.bills.rules import MOST_SHARING
from bawabati.companies.models import Company
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from browser.walking import barriers, overflow
from debtors import ask, offer, offer_instalments_at
from people import OMAR, SALIMA, add_arrears, add_bill
from staff import sign_in_browser

if TYPE_CHECKING:
    from programs import Program

AT_THE_DEBTS = re.compile(r"/oran/debts/[^/]+/$")
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


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_sums_that_changed_while_somebody_waited_are_said(
    portal: Program, new_page: Callable[..., Page], seven: list[Bill], language: str, width: int
) -> None:
    company, customer = seven[0].company, seven[0].customer
    agreement = ask(company, seven, now=timezone.now())
    offer(agreement, tranches=3, first=Money.dinars(6_000), now=timezone.now())
    for seed in range(MOST_SHARING + 1):
        add_bill(company, seed=700 + seed, due_centimes=990_00, customer_number=customer.number if not seed else "")
    page = new_page(width=width, language=language)
    page.goto(f"{portal.url}/{language}/instalments/{link_token(Purpose.AGREEMENT, agreement.id)}/")
    look(page, f"debts-grown-{language}")
    page.locator("button[value=ask_again]").click()
    expect(page.locator("button[value=ask_again]")).to_have_count(0)
    look(page, f"debts-asked-again-{language}")
    page.goto(f"{portal.url}/{language}/oran/debts/")
    page.fill("#number", customer.number)
    page.fill("#factor", "990")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#factor-error")).to_be_visible()
    look(page, f"debts-amount-shared-{language}")
    page.fill("#factor", "1430,50")
    page.locator("main form button[type=submit]").last.click()
    expect(page).to_have_url(AT_THE_DEBTS)
    page.goto(f"{page.url}instalments/")
    expect(page.locator("h1")).to_be_visible()
    look(page, f"debts-asked-by-another-{language}")
    office = new_page(width=width, language=language)
    sign_in_browser(office, portal.url, Staff.objects.get(login=OMAR))
    office.goto(f"{portal.url}/{language}/office/instalments/rules/")
    look(office, f"debts-rules-{language}")


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_the_address_is_given_again_on_one_page_of_paper(
    portal: Program, new_page: Callable[..., Page], seven: list[Bill], language: str, width: int
) -> None:
    agreement = ask(seven[0].company, seven, now=timezone.now())
    page = new_page(width=width, language=language)
    sign_in_browser(page, portal.url, Staff.objects.get(login=SALIMA))
    page.goto(f"{portal.url}/{language}/office/instalments/{agreement.id}/")
    look(page, f"debts-lost-{language}")
    page.locator(f"form[action$='/paper/'] button[value={language}]").click()
    expect(page.locator(".address-paper")).to_be_visible()
    look(page, f"debts-paper-{language}")
    for size in ("A5", "A4"):
        with pymupdf.open(stream=page.pdf(format=size)) as paper:
            if folder := os.environ.get("PICTURES"):
                paper[0].get_pixmap(dpi=100).save(Path(folder) / f"debts-paper-{language}-{size}.png")
            assert len(paper) == 1
            assert link_token(Purpose.AGREEMENT, agreement.id) in "".join(paper[0].get_text().split())
