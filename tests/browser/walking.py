"""A payer's steps in a real browser, from the payment number to the result; the bank is the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bawabati.web.public.captcha.digits import read_ticket
from outside import Outside
from people import Card

if TYPE_CHECKING:
    from bawabati.bills.models import Bill

IN_THE_BILL = re.compile(r"/bill/[^/]+/$")
IN_THE_REVIEW = re.compile(r"/bill/[^/]+/pay/$")
ON_THE_WAY = re.compile(r"/payment/[^/]+/$")
AT_THE_RECEIPT = re.compile(r"/r/[^/]+/$")


@dataclass
class Walk:
    """One visitor on a page of a browser."""

    page: Page
    portal: str
    outside: Outside
    language: str = "ar"
    javascript: bool = True

    def arrive(self) -> None:
        """From the first address to the form."""
        self.page.goto(f"{self.portal}/{self.language}/")
        self.page.locator(".door").click()

    def find(self, bill: Bill) -> None:
        """Types the number, in groups as it is printed."""
        number = bill.payment_number
        self.page.locator("#number").fill(f"{number[:4]} {number[4:8]} {number[8:]}")
        self.page.locator("form button:visible").last.click()
        expect(self.page).to_have_url(IN_THE_BILL)

    def go_on(self) -> None:
        self.page.locator("a.button").click()
        expect(self.page).to_have_url(IN_THE_REVIEW)

    def choose(self, *, bills: int, amount: str = "") -> None:
        """So many bills, and so much of them, where the bill's page asks."""
        self.page.locator(f"[name=bills][value='{bills}']").check()
        if amount:
            self.page.locator("details.part summary").click()
            self.page.locator("#amount").fill(amount)
        self.page.locator("main form button:visible").last.click()

    def confirm(self, *, email: str = "") -> None:
        """Accepts the terms, passes the captcha, presses the button."""
        self.page.locator("#email").fill(email)
        self.page.locator("[name=accept]").check()
        if self.javascript:
            box = self.page.locator("[data-captcha]")
            box.locator("input[type=checkbox]").check()
            expect(box.locator("[role=status]")).to_have_text(str(box.get_attribute("data-done")))
        else:
            self.page.locator("[name=captcha_way]").click()
            self.page.locator("[name=captcha_code]").fill(self._digits())
        self.page.locator("button.pay").click()
        expect(self.page).to_have_url(ON_THE_WAY)

    def leave(self) -> None:
        """Through our page to the bank's."""
        self.page.locator("a.button").click()
        expect(self.page.locator("#iCVC")).to_be_visible()

    def give_card(self, card: Card) -> None:
        self.page.locator("#pan_visible").fill(card.number)
        self.page.locator("#month").select_option(card.month)
        self.page.locator("#year").select_option(card.year)
        self.page.locator("#iCVC").fill(card.cvv2)
        self.page.locator("#iTEXT").fill("AMINA BENALI")
        self.page.locator("#buttonPayment").click()

    def give_code(self, code: str | None = None) -> None:
        """The code that came by SMS, or another one."""
        self.page.locator("#passwordEdit").fill(code or self._code())
        self.page.locator("#SendPayment2").click()

    def to_the_bank(self, bill: Bill, *, email: str = "") -> None:
        """All steps up to the card page."""
        self.arrive()
        self.find(bill)
        self.go_on()
        self.confirm(email=email)
        self.leave()

    def steps_to_the_receipt(self, bill: Bill, card: Card) -> Iterator[str]:
        """The whole way; stops at each page with its name."""
        self.page.goto(f"{self.portal}/{self.language}/")
        yield "company"
        self.page.locator(".door").click()
        yield "number"
        self.find(bill)
        yield "bill"
        self.go_on()
        yield "review"
        self.confirm(email="amina@example.dz")
        yield "leaving"
        self.leave()
        yield "card"
        self.give_card(card)
        self.give_code()
        expect(self.page).to_have_url(AT_THE_RECEIPT)
        yield "receipt"

    def text(self) -> str:
        return self.page.locator("main").inner_text().replace("\u00a0", " ").replace("’", "'")

    def _code(self) -> str:
        reference = re.search(r"mdOrder=(\w+)", self.page.url)
        assert reference is not None
        return str(self.outside.texts(reference[1])[0]["code"])

    def _digits(self) -> str:
        """What a person reads in the picture; the tests know the key."""
        ticket = read_ticket(self.page.locator("[name=captcha_ticket]").input_value(), now=datetime.now(UTC))
        assert ticket is not None
        return ticket.digits


def wait_for_page(page: Page) -> None:
    """The answer to a form has begun when the form is gone, and has not yet a single element then."""
    page.wait_for_load_state("load")
    page.wait_for_function("document.documentElement !== null")


def barriers(page: Page) -> list[str]:
    """What axe finds that keeps people out, once the page is there."""
    wait_for_page(page)
    found = Axe().run(page).response["violations"]
    return [f"{violation['id']}: {node['html']}" for violation in found for node in violation["nodes"]]


def overflow(page: Page) -> int:
    """How many pixels a reader would have to scroll sideways, once the page is there."""
    wait_for_page(page)
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def unfold(page: Page, what: str) -> None:
    """Presses what is folded away on a telephone, where it is."""
    summary = page.locator(f"{what} > summary")
    if summary.is_visible():
        summary.click()
