"""The captcha in a real browser, under the strictest content policy, with scripts and without."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Page, expect
from pytest_django import Settings

from bawabati.web.public.captcha.digits import read_ticket
from programs import free_port

pytestmark = [pytest.mark.urls("browser.captcha_site"), pytest.mark.usefixtures("database")]

REPORT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the library calls it
        pass


@pytest.fixture
def site(settings: Settings) -> Iterator[str]:
    """The address of a real server with the form."""
    settings.MIDDLEWARE = []  # the site says its policy itself
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    port = free_port()
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(new_page: Callable[..., Page], site: str) -> Page:
    page = new_page()
    page.add_init_script(REPORT_VIOLATIONS)
    page.goto(site)
    return page


def digits_on(page: Page) -> str:
    text = page.locator("[name=captcha_ticket]").input_value()
    ticket = read_ticket(text, now=datetime.now(UTC))
    assert ticket is not None
    return ticket.digits


def wait_until_checked(page: Page) -> None:
    done = page.locator("[data-captcha]").get_attribute("data-done")
    assert done
    expect(page.locator("[data-captcha] [role=status]")).to_have_text(done)


def test_ticking_the_box_passes_and_breaks_no_rule_of_the_policy(page: Page) -> None:
    page.locator("[name=terms]").check()
    page.locator("[data-captcha] input[type=checkbox]").check()
    wait_until_checked(page)
    assert page.evaluate("violations") == []
    page.locator("#pay").click()
    assert page.locator("body").inner_text() == "passed"


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    wait_until_checked(page)
    page.locator("#pay").press("Enter")
    assert page.locator("body").inner_text() == "passed"


def test_a_form_whose_box_is_not_ticked_stays_where_it_is(page: Page) -> None:
    page.locator("[name=terms]").check()
    page.locator("#pay").click()
    assert page.locator("#pay").is_visible()
    box = page.locator("[data-captcha] input[type=checkbox]")
    needed = page.locator("[data-captcha]").get_attribute("data-needed")
    assert box.evaluate("box => box.validationMessage") == needed


def test_without_scripts_the_digits_of_a_picture_pass(new_page: Callable[..., Page], site: str) -> None:
    page = new_page(javascript=False)
    page.goto(site)
    assert page.locator("[data-captcha]").is_hidden()
    page.locator("[name=captcha_way]").click()
    assert page.locator("fieldset img").is_visible()
    page.locator("[name=captcha_code]").fill(digits_on(page))
    page.locator("[name=terms]").check()
    page.locator("#pay").click()
    assert page.locator("body").inner_text() == "passed"


def test_the_digits_can_be_heard(page: Page) -> None:
    page.locator("[name=captcha_way]").click()
    seconds = page.locator("audio").evaluate(
        """async (audio) => {
            const ready = new Promise((resolve, reject) => { audio.oncanplay = resolve; audio.onerror = reject; });
            audio.load();
            audio.preload = "auto";
            await ready;
            return audio.duration;
        }"""
    )
    assert 4 < seconds < 20
    assert page.evaluate("violations") == []


def test_a_browser_that_cannot_do_the_work_still_offers_the_picture(new_page: Callable[..., Page], site: str) -> None:
    page = new_page()
    page.add_init_script("delete window.Worker")
    page.goto(site)
    assert page.locator("[data-captcha]").is_hidden()
    assert page.locator("[name=captcha_way]").is_visible()


def test_nothing_keeps_anybody_from_passing(page: Page) -> None:
    for _ in ("work", "picture"):
        found = Axe().run(page).response["violations"]
        assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found] == []
        page.locator("[name=captcha_way]").click()
