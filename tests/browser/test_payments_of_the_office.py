"""A finance officer finds payments, by the keyboard too, on a telephone and at a desk; and the pictures of the guide.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_payments_of_the_office.py` renews the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from agency import add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.heed_callback import heed_callback
from bawabati.flows.refund_payment import refund_payment
from bawabati.payments.models import Payment
from bawabati.payments.rules import RefundReason
from bawabati.people.models import Staff
from browser.pictures import keep_picture
from browser.walking import barriers, overflow, unfold
from outside import Outside
from paying import ended, reference, start
from people import AMINAS_CARD, NADIA, NOON, SALIMA, YACINES_CARD, add_bill, add_company
from programs import Program
from staff import sign_in_browser

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def company(outside: Outside, database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """Its gateway is the sandbox."""
    return add_company(gateway_url=outside.url)


@pytest.fixture
def given_back(outside: Outside, company: Company) -> Payment:
    """A morning: Amina paid twice by mistake and one goes back, Yacine was refused, somebody paid in cash."""
    add_agency_with_cash(company)
    refused = start(company, add_bill(company, seed=2), key="refused", now=NOON + timedelta(minutes=10))
    outside.pay(reference(refused), YACINES_CARD)
    ended(refused, now=NOON + timedelta(minutes=11))
    start(company, add_bill(company, seed=3), key="open", now=NOON + timedelta(minutes=40))
    payment = start(company, add_bill(company, seed=4), key="paid", email="amina@example.dz", now=LATER)
    outside.pay(reference(payment), AMINAS_CARD)
    told = {"mdOrder": reference(payment)}
    confirm_payment(payment_id=payment.id, now=LATER + timedelta(seconds=74))
    heed_callback(gateway_account_id=payment.gateway_account_id or 0, message=told, now=LATER + timedelta(seconds=76))
    mistake = {"reason": RefundReason.BILL_DUE_AGAIN, "amount": None, "because": "paid for the wrong house"}
    refund = ask_refund(payment_id=payment.id, login=SALIMA, now=LATER + timedelta(minutes=20), **mistake)  # type: ignore[arg-type]
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER + timedelta(minutes=31))
    refund_payment(refund_id=refund.id, now=LATER + timedelta(minutes=32))
    payment.refresh_from_db()
    return payment


def add_agency_with_cash(company: Company) -> None:
    at = add_agency(company)
    session = open_desk(at)
    for seed in (11, 12):
        cash(session, add_bill(company, seed=seed), now=NOON + timedelta(minutes=seed))


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("ar", 1280), ("fr", 360)])
def test_an_officer_finds_a_payment_and_reads_its_story(
    portal: Program, new_page: Callable[..., Page], given_back: Payment, language: str, width: int
) -> None:
    page = new_page(width=width, language=language)
    sign_in_browser(page, portal.url, Staff.objects.get(login=SALIMA))
    page.goto(f"{portal.url}/{language}/office/payments/")
    assert barriers(page) == []
    assert overflow(page) <= 0
    if width > 360:
        keep_picture(page, f"payments-{language}")
    page.get_by_role("link", name=given_back.order_number).wait_for()
    unfold(page, "details.fold")
    page.fill("#filter-email", "AMINA@example.dz")
    page.locator("#filter-email").press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    assert "amina" not in page.url.lower()
    assert page.input_value("#filter-email") == "AMINA@example.dz"
    page.get_by_role("link", name=given_back.order_number).press("Enter")
    expect(page.locator(".timeline li").first).to_be_visible()
    assert barriers(page) == []
    assert overflow(page) <= 0
    page.locator(".timeline summary").first.press("Enter")
    assert overflow(page) <= 0
    if width > 360:
        page.set_viewport_size({"width": width, "height": 1250})
        keep_picture(page, f"payment-{language}", whole=False)


def test_the_list_works_without_javascript_and_gives_its_files(
    portal: Program, new_page: Callable[..., Page], given_back: Payment
) -> None:
    page = new_page(width=1280, language="fr", javascript=False)
    sign_in_browser(page, portal.url, Staff.objects.get(login=SALIMA))
    page.goto(f"{portal.url}/fr/office/payments/")
    page.select_option("#filter-state", "paid")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("table.list tbody tr")).to_have_count(3)
    for form in ("CSV", "XLSX"):
        with page.expect_download() as taken:
            page.get_by_role("link", name=form).click()
        assert taken.value.suggested_filename.endswith(form.lower())
    page.fill("#filter-number", "4111 1111 1111 1111")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("#error-number")).to_be_visible()
    assert page.input_value("#filter-number") == ""
    assert given_back.order_number not in page.url
