"""A receipt is checked with a phone, and on a desk whose line is cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.steps.receipt_code import code_address
from bawabati.people.rules import Role
from bawabati.receipts.models import Receipt
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from money_back import paid_payment
from outside import Outside
from programs import Program
from staff import add_person, sign_in_browser


@pytest.fixture
def address(outside: Outside, company: Company, bill: Bill) -> str:
    """What the QR code of Amina's receipt holds."""
    return code_address(Receipt.objects.get(payment=paid_payment(outside, company, bill)))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_phone_says_whether_a_receipt_is_genuine(
    portal: Program, new_page: Callable[..., Page], address: str, language: str
) -> None:
    page = new_page(width=360, language=language, javascript=False)
    page.goto(portal.url + "/V/" + address.partition("/V/")[2])
    expect(page.locator("h1")).to_have_text({"ar": "هذا الوصل صحيح", "fr": "Ce reçu est authentique"}[language])
    assert overflow(page) <= 0
    keep_picture(page, f"receipt-check-{language}")
    page.locator("#code").fill(address[:-9] + "ABCDEFGHI")
    page.locator("main button").click()
    expect(page.locator(".sign.bad")).to_be_visible()


def test_a_desk_checks_it_without_a_line(
    portal: Program, new_page: Callable[..., Page], address: str, company: Company, tmp_path: Path
) -> None:
    page = new_page(width=1280, language="ar")
    sign_in_browser(page, portal.url, add_person("nour@oran.example", Role.FINANCE, company=company))
    page.goto(f"{portal.url}/ar/counter/receipts/")
    assert barriers(page) == []
    with page.expect_download() as kept:
        page.locator("a[download]").click()
    file = tmp_path / "kept.html"
    kept.value.save_as(file)
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.locator("#code").fill(address)
    page.keyboard.press("Enter")
    expect(page.locator("[data-when=genuine]")).to_be_visible()
    expect(page.locator("[data-told=amount]")).to_have_text("1 430,50 دج")
    assert barriers(page) == []
    keep_picture(page, "receipt-check-offline-ar")
    page.locator("#code").fill(address[:-9] + "ABCDEFGHI")
    page.keyboard.press("Enter")
    expect(page.locator("[data-when=unknown]")).to_be_visible()
