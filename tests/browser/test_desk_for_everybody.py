"""The pages of the desk, the agency and the readers keep nobody out; and the pictures of their guides.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_desk_for_everybody.py` renews the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agency import At, add_agency
from bawabati.bills.models import Bill
from bawabati.companies.models import Company, Reader
from bawabati.payments.models import Sale
from bawabati.people.models import Staff
from browser.cashier import Cashier, CustomersReader, bridge_running, put_reader
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from outside import Outside
from people import AMINAS_CARD, OMAR, add_bill
from programs import Program
from staff import sign_in_browser

ABOVE_THE_LIMIT = 20_000_00


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.mark.parametrize(("language", "width"), [("ar", 1280), ("fr", 1280), ("ar", 360), ("en", 360)])
def test_no_page_of_the_desk_keeps_anybody_out(
    portal: Program, new_page: Callable[..., Page], at: At, company: Company, language: str, width: int
) -> None:
    Reader.objects.create(company=company, agency=at.agency, serial="TPE-1", desk=at.first)
    for seed in range(1, 5):
        add_bill(company, seed=seed, quarters_ago=seed, customer_number="C1", holder="أمينة بن علي")
    large = add_bill(company, seed=9, due_centimes=ABOVE_THE_LIMIT, holder="Karim")
    page = new_page(width=width, language=language)
    sign_in_browser(page, portal.url, at.warda)
    warda = Cashier(page=page, portal=portal.url, language=language)
    look_at_the_desk(warda)
    look_at_a_slip(warda, large)
    for path in ("session/", "scanner/", "close/"):
        page.goto(warda.at(path))
        look(page, path)
    sign_in_browser(page, portal.url, at.houria)
    look_at_the_agency(warda)
    sign_in_browser(page, portal.url, at.warda)
    look_at_the_closing(warda)
    sign_in_browser(page, portal.url, Staff.objects.get(login=OMAR))
    for path in ("readers/", "readers/add/", "desks/add/", "bridges/code/"):
        page.goto(f"{portal.url}/{language}/office/{path}")
        look(page, path)


def look_at_the_desk(warda: Cashier) -> None:
    page = warda.page
    page.goto(f"{warda.portal}/{warda.language}/staff/")
    look(page, "first page")
    page.goto(warda.at())
    look(page, "opening")
    warda.sit_down()
    look(page, "search")
    warda.find("nobody at all")
    look(page, "nobody found")
    warda.find("أمينة")
    look(page, "customer")
    page.locator("details.keys summary").click()
    look(page, "keys")
    warda.press("F6")
    expect(page.locator("#tendered")).to_be_focused()
    page.locator("#tendered").fill("2000")
    expect(page.locator("[data-change]")).to_be_visible()
    look(page, "cash")
    page.locator("#tendered").fill("1")
    warda.press("Enter")
    expect(page.locator("#tendered-error")).to_be_visible()
    look(page, "too little cash")
    page.locator("#tendered").fill("2000")
    warda.press("Enter")
    expect(page.locator(".good-end")).to_be_visible()
    look(page, "paid in cash")
    warda.press("Enter")
    expect(page.locator(".till-paper")).to_be_visible()
    look(page, "paper")
    warda.find("أمينة")
    warda.press("F7")
    expect(page.locator("#cheque-number")).to_be_focused()
    look(page, "cheque")
    warda.press("Escape")
    expect(page).to_have_url(warda.at())


def look_at_a_slip(warda: Cashier, large: Bill) -> None:
    """Keyed by hand and above the limit: two people."""
    page = warda.page
    warda.find(large.payment_number)
    warda.press("F4")
    expect(page.locator("#approval-code")).to_be_focused()
    look(page, "keyed by hand")
    warda.type_slip()
    expect(page.locator(".wait-end")).to_be_visible()
    look(page, "two people")
    warda.find(large.payment_number)
    look(page, "held by a sale")


def look_at_the_agency(head: Cashier) -> None:
    page, sale = head.page, Sale.objects.latest("id")
    agency = f"{head.portal}/{head.language}/agency/"
    for path in ("", f"sale/{sale.id}/", "holds/", "day/"):
        page.goto(f"{agency}{path}")
        look(page, f"agency {path}")
    page.goto(f"{agency}sale/{sale.id}/")
    page.locator("[name=agrees][value=yes]").click()
    expect(page.locator("[name=agrees]")).to_have_count(0)
    look(page, "confirmed")


def look_at_the_closing(warda: Cashier) -> None:
    page = warda.page
    page.goto(warda.at("close/"))
    page.locator("[name=pieces_100000]").fill("6")
    page.locator(".desk form").last.locator("button[type=submit]").click()
    expect(page.locator("#why")).to_be_focused()
    look(page, "difference")
    page.locator("#why").fill("small money")
    warda.press("Enter")
    expect(page.locator(".z")).to_be_visible()
    look(page, "Z")


def test_the_desk_works_without_scripts(
    portal: Program, new_page: Callable[..., Page], at: At, company: Company
) -> None:
    Reader.objects.create(company=company, agency=at.agency, serial="TPE-1", desk=at.first)
    bill = add_bill(company)
    page = new_page(width=1280, language="fr", javascript=False)
    sign_in_browser(page, portal.url, at.warda)
    warda = Cashier(page=page, portal=portal.url, language="fr")
    warda.sit_down()
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type(bill.payment_number)
    page.keyboard.press("Enter")
    page.locator("[name=way][value=cash]").click()
    page.locator("#tendered").fill("1500")
    page.keyboard.press("Enter")
    expect(page.locator(".good-end")).to_contain_text("54,50")


def test_the_guides_show_the_desk_as_it_is(
    portal: Program,
    worker: Program,
    new_page: Callable[..., Page],
    at: At,
    company: Company,
    outside: Outside,
    tmp_path: Path,
) -> None:
    customers = CustomersReader(outside.url)
    put_reader(at, customers)
    for seed in range(1, 4):
        add_bill(company, seed=seed, quarters_ago=seed, customer_number="C000042", holder="Amina Benali")
    large = add_bill(company, seed=9, holder="Karim Haddad")
    page, head = (new_page(width=900, language="ar") for _ in range(2))
    sign_in_browser(page, portal.url, at.warda)
    sign_in_browser(head, portal.url, at.houria)
    with bridge_running(at, portal=portal.url, folder=tmp_path / "bridge"):
        warda = Cashier(page=page, portal=portal.url, language="fr")
        warda.sit_down()
        warda.wait_for_light()
        warda.find("Benali")
        keep_picture(page, "desk-bills")
        warda.press("F4")
        warda.wait_for_step("present_card")
        expect(page.locator("[data-word=step]")).to_contain_text("présenter sa carte")
        keep_picture(page, "desk-card")
        customers.present(AMINAS_CARD)
        customers.type_code()
        expect(page.locator(".good-end")).to_be_visible(timeout=20_000)
        keep_picture(page, "desk-paid")
        warda.language = "ar"
        customers.fault("close_after_approval")
        warda.find(large.payment_number)
        warda.press("F4")
        warda.wait_for_step("present_card")
        customers.fault("refuse_connection", call="any", seconds=60)
        customers.present(AMINAS_CARD)
        customers.type_code()
        expect(page.locator(".wait-end")).to_be_visible(timeout=20_000)
        look(page, "unknown")
        keep_picture(page, "desk-unknown")
        head.goto(f"{portal.url}/ar/agency/")
        look(head, "agency at work")
        keep_picture(head, "agency-now")
    assert worker.process.poll() is None
