"""The card and code pages in a real browser, at the width of a small phone, in Arabic."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    # The checks of `axe` are injected as a script, which our own policy forbids.
    context = browser.new_context(viewport=PHONE, locale="ar-DZ", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def strict_phone(browser: Browser) -> Iterator[Page]:
    """The same phone, with our content policy in force."""
    context = browser.new_context(viewport=PHONE, locale="ar-DZ")
    yield context.new_page()
    context.close()


def fill(page: Page, pan: str) -> None:
    page.fill("#pan_visible", pan)
    page.select_option("#month", "01")
    page.select_option("#year", "2027")
    page.fill("#iCVC", "373")
    page.fill("#iTEXT", "CARD HOLDER")


def test_the_button_waits_for_a_number_that_can_be_right(sandbox: Sandbox, strict_phone: Page) -> None:
    page = strict_phone
    page.goto(sandbox.register(language="AR").form_url)
    expect(page.locator("#buttonPayment")).to_be_disabled()
    fill(page, "6280581110007214")
    expect(page.locator("#buttonPayment")).to_be_disabled()
    expect(page.locator("#pan-problem")).to_contain_text("رقم البطاقة غير صحيح")
    page.fill("#pan_visible", "٦٢٨٠٥٨١١١٠٠٠٧٢١٥")
    expect(page.locator("#buttonPayment")).to_be_enabled()
    expect(page.locator("#iPAN")).to_have_value("6280581110007215")
    expect(page.locator("#expiry")).to_have_value("202701")


def test_a_payment_in_arabic_on_a_phone_with_the_code_from_the_other_tab(sandbox: Sandbox, strict_phone: Page) -> None:
    page = strict_phone
    home = sandbox.told["http_url"]
    order = sandbox.register(language="AR", returnUrl=f"{home}/?back=1", failUrl=f"{home}/orders/")
    page.goto(order.form_url)
    assert page.locator("html").get_attribute("dir") == "rtl"
    fill(page, "6280581110007215")
    page.click("#buttonPayment")
    page.fill("#passwordEdit", order.wrong_code())
    page.click("#SendPayment2")
    expect(page.get_by_role("alert")).to_contain_text("2")
    with page.expect_popup() as opened:
        page.click(".phone-link")
    code = opened.value.locator(".code-large").first.inner_text().strip()
    page.fill("#passwordEdit", code)
    page.click("#SendPayment2")
    page.wait_for_url(f"{home}/?back=1&lang=ar&orderId={order.md_order}")
    assert order.result()["OrderStatus"] == 2


def test_a_page_whose_time_runs_out_says_so_by_itself(sandbox: Sandbox, strict_phone: Page) -> None:
    sandbox.settings(page_seconds=2)
    order = sandbox.register(language="AR")
    strict_phone.goto(order.form_url)
    expect(strict_phone.locator(".lead")).to_contain_text("انتهت مهلة الدفع", timeout=15_000)
    assert order.result()["actionCode"] == -2007


def test_a_new_code_appears_on_the_open_phone(sandbox: Sandbox, strict_phone: Page) -> None:
    strict_phone.goto(f"{sandbox.told['http_url']}/phone/?language=ar")
    order = sandbox.register(language="AR")
    order.give_card()
    expect(strict_phone.locator(".code-large").first).to_contain_text(order.code(), timeout=15_000)


def test_every_page_is_for_everybody_and_fits_a_small_phone(sandbox: Sandbox, phone: Page) -> None:
    sandbox.paid()
    order, waiting = sandbox.register(language="AR"), sandbox.register(language="AR")
    waiting.give_card()
    ended = sandbox.paid(language="AR")
    home = sandbox.told["http_url"]
    paths = ["/", "/phone/", "/inbox/", "/orders/", "/accounts/", "/control/"]
    addresses = [f"{home}{path}?language=ar" for path in paths]
    for address in [*addresses, order.form_url, f"{home}{waiting.code_address}", ended.form_url]:
        phone.goto(address)
        found = Axe().run(phone).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], address
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_pages_ask_nothing_of_any_other_host(sandbox: Sandbox, strict_phone: Page) -> None:
    asked: list[str] = []
    strict_phone.on("request", lambda request: asked.append(request.url))
    strict_phone.goto(sandbox.register().form_url)
    strict_phone.goto(f"{sandbox.told['http_url']}/phone/")
    time.sleep(0.1)
    assert asked
    assert all(url.startswith(sandbox.told["http_url"]) for url in asked)
