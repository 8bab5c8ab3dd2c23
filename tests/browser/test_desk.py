"""A cashier takes a card, cash, and closes the day, in a real browser with a real bridge and a reader on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agency import At, add_agency
from bawabati.bills.models import Bill
from bawabati.companies.models import Company, Reader
from bawabati.payments.models import Sale
from bawabati.receipts.models import Receipt
from browser.cashier import LAYOUTS, Cashier, CustomersReader, bridge_running, put_reader
from outside import Outside
from people import AMINAS_CARD, YACINES_CARD, add_bill
from programs import Program
from staff import sign_in_browser

DESKTOP = 1280


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


@pytest.fixture
def customers(outside: Outside) -> CustomersReader:
    return CustomersReader(outside.url)


@pytest.fixture
def cashier(portal: Program, at: At, new_page: Callable[..., Page]) -> Callable[..., Cashier]:
    def sign_in(*, language: str = "fr", width: int = DESKTOP, javascript: bool = True) -> Cashier:
        page = new_page(width=width, language=language, javascript=javascript)
        sign_in_browser(page, portal.url, at.warda)
        return Cashier(page=page, portal=portal.url, language=language)

    return sign_in


@pytest.fixture
def reader(at: At, customers: CustomersReader, portal: Program, tmp_path: Path) -> Iterator[Reader]:
    """A reader on the sandbox's screen, with the bridge that speaks to it."""
    put = put_reader(at, customers)
    with bridge_running(at, portal=portal.url, folder=tmp_path / "bridge"):
        yield put


@pytest.fixture
def by_hand(at: At) -> Reader:
    return Reader.objects.create(company=at.company, agency=at.agency, serial="TPE-1", desk=at.first)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_card_takes_at_most_three_keys_after_the_scan(
    cashier: Callable[..., Cashier], customers: CustomersReader, bill: Bill, language: str
) -> None:
    warda = cashier(language=language)
    warda.sit_down()
    warda.wait_for_light()
    warda.scan(f"https://pay.example/q/oran/{bill.payment_number}/")
    expect(warda.page.locator("[name=bill]:checked")).to_have_count(1)
    warda.press("F4")
    expect(warda.page.locator("[data-word=step]")).to_be_visible()
    warda.wait_for_step("present_card")
    customers.present(AMINAS_CARD)
    customers.type_code()
    expect(warda.page.locator(".good-end")).to_be_visible(timeout=20_000)
    warda.press("Enter")
    expect(warda.page.locator(".till-paper")).to_be_visible()
    warda.press("Enter")
    expect(warda.page).to_have_url(warda.at())
    assert warda.pressed <= 3
    assert Sale.objects.latest("id").state == "settled"
    assert Receipt.objects.count() == 1


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_cashiers_day_from_the_float_to_the_z(
    cashier: Callable[..., Cashier], customers: CustomersReader, company: Company, bill: Bill, language: str
) -> None:
    warda, other = cashier(language=language), add_bill(company, seed=2, due_centimes=1_000_00)
    warda.sit_down()
    warda.wait_for_light()
    warda.scan(bill.payment_number)
    warda.page.wait_for_url("**/customer/**")
    warda.press("F4")
    warda.wait_for_step("present_card")
    customers.present(AMINAS_CARD)
    customers.type_code()
    expect(warda.page.locator(".good-end")).to_be_visible(timeout=20_000)
    warda.find(other.payment_number)
    warda.press("F6")
    warda.page.locator("#tendered").fill("2000")
    warda.press("Enter")
    expect(warda.page.locator(".give-back")).to_contain_text("990,00")
    warda.press("Enter")
    expect(warda.page.locator(".till-paper")).to_be_visible()
    warda.press("F10")
    for denomination, pieces in (("100000", "6"), ("1000", "1")):
        warda.page.locator(f"[name=pieces_{denomination}]").fill(pieces)
    warda.press("Enter")
    expect(warda.page.locator(".z")).to_contain_text("2\u00a0440,50")


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_scanner_is_read_whatever_the_keyboard_layout_and_wherever_the_focus_is(
    cashier: Callable[..., Cashier], bill: Bill, layout: str
) -> None:
    warda = cashier()
    warda.sit_down()
    warda.page.goto(warda.at("session/"))
    warda.page.locator("details.keys summary").focus()
    warda.scan(bill.payment_number, layout=layout, end="Tab" if layout == "us" else "Enter")
    expect(warda.page.locator("[name=bill]:checked")).to_have_count(1)
    assert warda.page.locator("details.keys[open]").count() == 0


@pytest.mark.usefixtures("by_hand")
def test_a_key_that_comes_late_does_not_cut_a_scan_in_two(cashier: Callable[..., Cashier], bill: Bill) -> None:
    warda = cashier()
    warda.sit_down()
    warda.scan(bill.payment_number, late_milliseconds=120)
    expect(warda.page.locator("[name=bill]:checked")).to_have_count(1)


@pytest.mark.usefixtures("by_hand")
def test_slow_fingers_are_no_scanner(cashier: Callable[..., Cashier], bill: Bill) -> None:
    warda = cashier()
    warda.sit_down()
    warda.page.locator("details.keys summary").focus()
    warda.scan(bill.payment_number, gap_milliseconds=60)
    assert warda.page.url == warda.at()
    expect(warda.page.locator("details.keys[open]")).to_have_count(1)


@pytest.mark.usefixtures("by_hand")
def test_the_scanner_page_says_what_it_read(cashier: Callable[..., Cashier]) -> None:
    warda = cashier()
    warda.sit_down()
    warda.page.goto(warda.at("scanner/"))
    warda.scan("BAWABATI-0123456789-AZQWM", layout="french")
    expect(warda.page.locator("[data-when=right]")).to_be_visible()
    expect(warda.page.locator("[data-told=text]")).to_have_text("BAWABATI-0123456789-AZQWM")
    warda.page.wait_for_timeout(600)  # the keys of the first scan bore moments of up to then
    warda.scan("1234567", layout="french")
    expect(warda.page.locator("[data-when=wrong]")).to_be_visible()


@pytest.mark.usefixtures("reader")
def test_a_scan_during_a_payment_begins_nothing_and_presses_nothing(
    cashier: Callable[..., Cashier], bill: Bill
) -> None:
    warda = cashier()
    warda.sit_down()
    warda.wait_for_light()
    warda.scan(bill.payment_number)
    warda.page.wait_for_url("**/customer/**")
    warda.press("F4")
    warda.wait_for_step("present_card")
    warda.page.locator("[data-key=F9]").focus()
    warda.scan("31041234567890")
    warda.page.keyboard.press("Escape")
    warda.page.wait_for_timeout(300)
    assert Sale.objects.latest("id").abort_asked_at is None
    assert "/sale/" in warda.page.url
    warda.press("F9")
    expect(warda.page.locator(".bad-end")).to_be_visible(timeout=20_000)
    assert Sale.objects.latest("id").state == "cancelled"
    warda.press("Enter")
    expect(warda.page.locator("[name=bill]:checked")).to_have_count(1)


@pytest.mark.usefixtures("reader")
def test_a_refused_card_says_why_and_what_next(
    cashier: Callable[..., Cashier], customers: CustomersReader, bill: Bill
) -> None:
    warda = cashier()
    warda.sit_down()
    warda.wait_for_light()
    warda.scan(bill.payment_number)
    warda.page.wait_for_url("**/customer/**")
    warda.press("F4")
    warda.wait_for_step("present_card")
    customers.present(YACINES_CARD)
    customers.type_code()
    expect(warda.page.locator(".bad-end")).to_be_visible(timeout=20_000)
    expect(warda.page.locator(".bad-end")).to_contain_text("banque du client a refusé")


@pytest.mark.usefixtures("worker")
def test_a_result_that_nobody_knows_is_said_and_cleared_up_by_itself(
    cashier: Callable[..., Cashier], reader: Reader, customers: CustomersReader, bill: Bill
) -> None:
    warda = cashier()
    warda.sit_down()
    warda.wait_for_light()
    customers.fault("close_after_approval")
    warda.scan(bill.payment_number)
    warda.page.wait_for_url("**/customer/**")
    warda.press("F4")
    warda.wait_for_step("present_card")
    customers.fault("refuse_connection", call="any", seconds=600)  # or it is known again before anybody has looked
    customers.present(AMINAS_CARD)
    customers.type_code()
    expect(warda.page.locator(".wait-end")).to_contain_text("ne présentez pas la carte à nouveau", timeout=20_000)
    customers.mend()
    expect(warda.page.locator(".good-end")).to_be_visible(timeout=40_000)
    assert Sale.objects.get().reader_id == reader.id
