"""The reader on screen: by plain forms, and in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import NexoTill

GOOD = "6280581110007215"
POOR = "6280580610061110"


@pytest.fixture
def slow(new_reader: Callable[..., NexoTill]) -> NexoTill:
    """A reader with nobody but the test in front of it."""
    return new_reader(autopilot=False, merchant_name="EAU D'ORAN")


def press(till: NexoTill, do: str, **more: str) -> httpx.Response:
    return till.sandbox.http.post(f"/reader/{till.poi_id}/", data={"do": do, **more}, follow_redirects=True)


def shown(till: NexoTill, language: str = "en") -> str:
    return till.sandbox.http.get(f"/reader/{till.poi_id}/?language={language}").text


def test_a_sale_by_plain_forms(slow: NexoTill) -> None:
    assert "READY" in shown(slow)
    paying = slow.start_payment(143_050)
    assert "INSERT OR TAP THE CARD" in shown(slow)
    assert "1\u00a0430.50" in shown(slow)
    assert "ENTER PIN" in press(slow, "insert", card=GOOD).text
    press(slow, "key 9")
    press(slow, "yellow")
    for digit in "123":
        press(slow, f"key {digit}")
    assert "●●●○" in press(slow, "key").text
    press(slow, "key 4")
    press(slow, "green")
    assert paying.result(10)["Response"]["Result"] == "Success"
    page = shown(slow)
    for words in ("APPROVED", "REMOVE THE CARD", "EAU D&#39;ORAN", "CUSTOMER COPY"):
        assert (words in page) is (words != "CUSTOMER COPY")  # the slip speaks the till's language
    assert "TICKET CLIENT" in page
    assert GOOD not in page.split('id="paper"')[1].split("</ol>")[0]
    assert "READY" in press(slow, "pull").text


def test_the_red_key_and_a_wrong_pin(slow: NexoTill) -> None:
    paying = slow.start_payment()
    press(slow, "insert", card=GOOD)
    press(slow, "key 9")
    assert "WRONG PIN, TRY AGAIN" in press(slow, "green").text
    assert "CANCELLED" in press(slow, "red").text
    assert paying.result(10)["Response"]["ErrorCondition"] == "Cancel"


def test_a_fault_prepared_on_the_page_strikes_the_next_sale_of_this_reader(slow: NexoTill) -> None:
    assert "no_paper" in press(slow, "fault", kind="no_paper").text.split('id="faults"')[1]
    paying = slow.start_payment()
    press(slow, "tap", card=GOOD)
    assert "PaymentReceipt" not in paying.result(10)
    assert "OUT OF PAPER" in shown(slow)
    assert "OUT OF PAPER" not in press(slow, "paper").text


def test_the_reader_is_restarted_from_its_page(slow: NexoTill) -> None:
    press(slow, "restart")
    press(slow, "restart wipe")
    assert slow.shown()["boot"] == 3


def test_what_the_page_does_not_know_is_refused(slow: NexoTill) -> None:
    assert press(slow, "dance").status_code == 422
    assert press(slow, "fault", kind="flood").status_code == 422
    address = f"/reader/{slow.poi_id}/"
    other_site = slow.sandbox.http.post(address, data={"do": "red"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other_site.status_code == 403
    assert slow.sandbox.http.get("/reader/NOBODY-1/").status_code == 404


def test_all_readers_are_listed(slow: NexoTill) -> None:
    assert slow.poi_id in slow.sandbox.http.get("/reader/").text
    assert "/reader/?language=" in slow.sandbox.http.get("/").text


def test_a_reader_is_added_on_the_page(slow: NexoTill) -> None:
    http = slow.sandbox.http
    added = http.post("/reader/", data={"poi_id": "ADDED-1", "protocol": "nexo"})
    assert (added.status_code, added.headers["location"]) == (303, "/reader/ADDED-1/?language=en")
    told = slow.sandbox.control("GET", "readers/ADDED-1")
    assert told["port"] > 0
    assert str(told["port"]) in http.get("/reader/").text
    assert http.get("/reader/ca.pem").text == told["ca_pem"]
    slow.sandbox.control("DELETE", "readers/ADDED-1")
    assert http.post("/reader/", data={"poi_id": "a b", "protocol": "nexo"}).status_code == 422
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert http.post("/reader/", data={"poi_id": "P-9", "protocol": "nexo"}, headers=from_elsewhere).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "أدخل البطاقة أو قرّبها"), ("fr", "INSEREZ OU APPROCHEZ LA CARTE")]
)
def test_it_speaks_the_languages_of_the_other_pages_and_says_that_it_is_not_real(
    slow: NexoTill, language: str, words: str
) -> None:
    paying = slow.start_payment()
    page = shown(slow, language)
    assert words in page
    assert {"ar": "ليس حقيقيًا", "fr": "PAS RÉEL"}[language] in page
    press(slow, "red")
    paying.result(10)


# In a browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # The checks of `axe` are injected as a script, which our own policy forbids.
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ar-DZ", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def strict_page(browser: Browser) -> Iterator[Page]:
    """The same, with our content policy in force."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-DZ")
    yield context.new_page()
    context.close()


def open_screen(page: Page, till: NexoTill) -> None:
    page.goto(f"{till.sandbox.told['http_url']}/reader/{till.poi_id}/")


def test_the_screen_follows_the_sale_by_itself_and_takes_keys(slow: NexoTill, strict_page: Page) -> None:
    page = strict_page
    open_screen(page, slow)
    expect(page.locator("#display")).to_contain_text("PRET")
    paying = slow.start_payment(143_050)
    expect(page.locator("#display")).to_contain_text("INSEREZ OU APPROCHEZ LA CARTE")
    page.get_by_role("button", name="Insérer").click()
    expect(page.locator("#display")).to_contain_text("TAPEZ LE CODE")
    page.keyboard.type("12")
    page.get_by_role("button", name="Chiffre 3").click()
    page.keyboard.press("4")
    expect(page.locator(".stars")).to_have_text("●●●●")
    page.locator("#card").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#display")).to_contain_text("OPERATION ACCEPTEE")
    assert paying.result(10)["Response"]["Result"] == "Success"
    expect(page.locator(".slip.customer")).to_contain_text("1430.50 DZD")


def test_it_fits_a_small_phone_in_arabic_and_has_no_barriers(slow: NexoTill, page: Page) -> None:
    paying = slow.start_payment()
    open_screen(page, slow)
    page.select_option("#card", POOR)
    page.get_by_role("button", name="أدخل").click()
    expect(page.locator("#display")).to_contain_text("اكتب الرمز")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    problems = Axe().run(page).response["violations"]
    assert problems == [], problems
    for digit in "1234":
        page.get_by_role("button", name=f"الرقم {digit}").click()
    page.get_by_role("button", name="أخضر: تأكيد").click()
    assert paying.result(10)["Response"]["ErrorCondition"] == "Refusal"
    expect(page.locator("#display")).to_contain_text("رُفضت العملية")
    problems = Axe().run(page).response["violations"]
    assert problems == [], problems
