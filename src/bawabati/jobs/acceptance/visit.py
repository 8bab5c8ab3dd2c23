"""A payer on the portal's pages: what is typed and pressed, and what each page said."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _
from playwright.sync_api import BrowserContext, Error, Page
from playwright.sync_api import TimeoutError as TookTooLong

from bawabati.jobs.acceptance.bills_to_pay import BillToPay
from bawabati.jobs.acceptance.camera import Camera
from bawabati.jobs.acceptance.gateway_page import GatewayPage
from bawabati.jobs.acceptance.lines import Picture, failed
from bawabati.jobs.acceptance.said import Said, say

PATIENCE_MS: Final = 30_000
_ENDS_MS: Final = 120_000
_REFUSAL_MS: Final = 4_000
_LOOK_EVERY_MS: Final = 200

_IN_THE_BILL: Final = re.compile(r"/bill/[^/]+/$")
_IN_THE_REVIEW: Final = re.compile(r"/bill/[^/]+/pay/(?:\d+/){0,2}$")
_ON_THE_WAY: Final = re.compile(r"/payment/[^/]+/$")
_AT_THE_RECEIPT: Final = re.compile(r"/r/[^/]+/$")

_GLIMPSE: Final = """() => {
  const spoken = document.documentElement.lang;
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(node.tagName)) return "";
    if (node.lang && node.lang !== spoken) return "";
    if (node.matches("bdi[dir=ltr], dd bdi, td bdi, th bdi, article header bdi") || !node.checkVisibility()) return "";
    return [...node.childNodes].map(words).join("");
  };
  const tidy = (text) => text.replace(/\\s+/g, " ").trim();
  const blocks = [...document.querySelectorAll("h1, h2, h3, p, li, dt, dd, legend, summary, label, button, th, td")];
  return {
    language: spoken,
    direction: document.documentElement.dir,
    blocks: blocks.map((block) => tidy(words(block))).filter(Boolean),
    terms: [...document.querySelectorAll("details .terms")].map((terms) => tidy(terms.textContent)),
  };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What one page of the portal said: its declared language and direction, its text block by block."""

    name: Said
    language: str
    direction: str
    blocks: tuple[str, ...]


class BillRests(Exception):  # noqa: N818 - it says what happened
    """The portal does not start a payment of this bill now."""


class Visit:
    """One payer with a browser of their own, from the payment number to the end."""

    def __init__(
        self, context: BrowserContext, *, portal: str, company_code: str, language: str, camera: Camera
    ) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.context = context
        self.language = language
        self.camera = camera
        self.glimpses: list[Glimpse] = []
        self.headers: dict[str, str] = {}
        """Of the answer that brought the review."""
        self._portal = portal
        self._start = f"{portal}/{language}/{company_code}/pay/"

    # --- the way to the gateway ---

    def to_the_bill(self, bill: BillToPay) -> None:
        """Types what is printed on the bill."""
        self.page.goto(self._start)
        self.look(_("payment number"))
        for _try in range(2):
            self.page.locator("#number").fill(bill.payment_number)
            if bill.second_value:
                self.page.locator("#second-value").fill(bill.second_value)
            has_captcha = self.solve_captcha()  # after many look-ups from one address the form asks for it
            self.page.locator("main form button:visible").last.click()
            asks_for_more = "form .error" if has_captcha else "form .error, [data-captcha]"
            self._comes_true(lambda: self._sees_the_bill() or self.page.locator(asks_for_more).count() > 0)  # noqa: B023
            if self._sees_the_bill():
                break
        if not self._sees_the_bill():
            raise self.stopped(_("The bill did not open. The page said: %(words)s"))
        self.look(_("bill"))

    def _sees_the_bill(self) -> bool:
        return bool(_IN_THE_BILL.search(self.page.url))

    def to_the_review(self) -> None:
        """Presses on, to pay this one bill whole."""
        page = self.page
        alone = page.locator("input[name=bills][value='1']")
        if alone.count():
            alone.check()
        # Where there is something to choose the way on is a form's button, otherwise a link; without either it rests.
        further = page.locator("main form button:visible, main p > a.button[href$='/pay/']")
        if not further.count():
            raise BillRests
        with page.expect_navigation(url=_IN_THE_REVIEW) as navigation:
            further.last.click()
        answer = navigation.value
        if answer is None or answer.status != 200 or not self.page.locator("button.pay").count():  # noqa: PLR2004
            raise self.stopped(_("The page with the button that pays did not open. It said: %(words)s"))
        self.headers = answer.all_headers()
        self.look(_("confirmation"))

    def solve_captcha(self) -> bool:
        """Ticks the captcha's box and waits until it is checked; whether there is one."""
        place = self.page.locator("[data-captcha]")
        if not place.count():
            return False
        place.locator("input[type=checkbox]").check()
        done = place.get_attribute("data-done") or ""
        place.get_by_text(done, exact=True).wait_for()
        return True

    def accept_terms(self) -> None:
        """Ticks the box under the terms, where there is one."""
        box = self.page.locator("[name=accept]")
        if box.count():
            box.first.check()

    def try_to_pay(self) -> bool:
        """Presses the button although something is missing; whether a payment started all the same."""
        self.page.locator("button.pay").click()
        self._comes_true(lambda: self._has_started() or self.page.locator(".error").count() > 0, _REFUSAL_MS)
        return self._has_started()

    def pay(self) -> None:
        """Accepts, passes the captcha, presses. Raises BillRests when the portal says not now."""
        self.accept_terms()
        self.solve_captcha()
        self.page.locator("button.pay").click()
        self._wait_until(lambda: self._has_started() or self.page.locator(".error").count() > 0)
        if self.page.locator(".error.alone").count():
            raise BillRests
        if not self._has_started():
            raise self.stopped(_("No payment started. The portal said: %(words)s"))
        self.look(_("on the way to the bank"))

    def _has_started(self) -> bool:
        return bool(_ON_THE_WAY.search(self.page.url))

    def to_the_gateway(self) -> GatewayPage:
        """Through our page to the acquirer's."""
        with suppress(TookTooLong):  # while the order is being opened the page looks again by itself
            self.page.locator("a.button").first.wait_for()
        if not self.page.locator("a.button").count() or self.page.locator(".sign").count():
            raise self.stopped(_("The acquirer's page could not be opened. The portal said: %(words)s"))
        self.page.locator("a.button").first.click()
        return GatewayPage(self.page, is_back=self.is_back)

    # --- the way back ---

    def is_back(self) -> bool:
        """Whether the payer stands on the portal again."""
        return urlsplit(self.page.url).netloc == urlsplit(self._portal).netloc

    def wait_for_the_end(self) -> bool:
        """Waits for the result; whether it is the receipt. A page that is being checked looks again by itself."""
        self._wait_until(lambda: self.at_the_receipt() or self.page.locator(".sign.bad").count() > 0, _ENDS_MS)
        self.look(_("receipt") if self.at_the_receipt() else _("not paid"))
        return self.at_the_receipt()

    def at_the_receipt(self) -> bool:
        """Whether the receipt is there."""
        return bool(_AT_THE_RECEIPT.search(self.page.url)) and self.page.locator(".receipt").count() > 0

    # --- what is seen ---

    def text(self) -> str:
        """What a person reads on the page, spaces made plain."""
        return plain(self.page.locator("main").inner_text())

    def whole_text(self) -> str:
        """The same of the whole page, with what stands around its main part."""
        return plain(self.page.locator("body").inner_text())

    def take(self, caption: str, **values: str) -> Picture:
        """A picture of the page."""
        return self.camera.take(self.page, say(caption, **values))

    def look(self, name: str) -> None:
        """Keeps what the page said, for the line about one language."""
        self.page.wait_for_load_state("domcontentloaded")
        seen: dict[str, Any] = self.page.evaluate(_GLIMPSE)
        self.glimpses.append(
            Glimpse(
                name=say(name),
                language=seen["language"],
                direction=seen["direction"],
                blocks=(*seen["blocks"], *seen["terms"]),
            )
        )

    def stopped(self, sentence: str) -> Exception:
        """The end of a walk that the portal did not let go on, with a picture of where. `sentence` has `%(words)s`."""
        words = ""
        with suppress(Error):
            words = self.text()[:300]
        return failed(say(sentence, words=words), pictures=[self.take(_("Where the portal did not go on"))])

    def _wait_until(self, condition: Callable[[], bool], timeout_ms: int = PATIENCE_MS) -> None:
        if not self._comes_true(condition, timeout_ms):
            raise self.stopped(_("The portal's page did not go on. It said: %(words)s"))

    def _comes_true(self, condition: Callable[[], bool], timeout_ms: int = PATIENCE_MS) -> bool:
        for _try in range(timeout_ms // _LOOK_EVERY_MS):
            with suppress(Error):  # a page that is just being replaced
                if condition():
                    return True
            self.page.wait_for_timeout(_LOOK_EVERY_MS)
        return False


def plain(text: str) -> str:
    """`text` with every kind of space and of apostrophe made the usual one, and invisible marks taken out."""
    text = re.sub(r"[\u200e\u200f\u2066-\u2069]", "", text)
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip()
