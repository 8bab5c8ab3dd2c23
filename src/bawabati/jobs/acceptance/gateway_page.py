"""The acquirer's own pages, driven as a card holder does: the card, then the password. Both generations of their DOM.

satim.md 5.1, 5.2: the older card page shows `iPAN`, the present one `pan_visible`; month and year may be plain lists or
lists that a script has replaced; the certification environment asks for a static password (`passwordEdit`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from playwright.sync_api import Error, Locator, Page
from playwright.sync_api import TimeoutError as TookTooLong

from bawabati.jobs.acceptance.deck import Card

_CARD_NUMBER: Final = "#pan_visible, [name=pan_visible], #iPAN:not([type=hidden]), [name=iPAN]:not([type=hidden])"
_PASSWORD: Final = "#passwordEdit, [name=passwordEdit], #pwdInputMasked, #pwdInputVisible"  # noqa: S105 - selectors
_SEND_PASSWORD: Final = "#SendPayment2, [name=SendPayment2], #submitPasswordButton"  # noqa: S105 - selectors
_ASK_FOR_CODE: Final = "#sendPasswordButton"
_CANCEL: Final = re.compile(r"annuler|cancel|إلغاء|الغاء", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"[?&]mdOrder=([A-Za-z0-9-]+)")

PATIENCE_MS: Final = 60_000
_ENABLED_MS: Final = 4_000
_STEP_MS: Final = 100
_KEY_MS: Final = 120
"""Between two keys of the CVV2: the real field reorders digits that are typed faster than 100 ms apart."""

_CHOOSE: Final = """(list, value) => {
  if (list.selectize) list.selectize.setValue(value);
  else {
    list.value = value;
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return list.value === value;
}"""


class NumberNotTaken(Exception):  # noqa: N818 - it says what happened
    """The page refuses the card by itself, before anything is sent to the issuer."""


class GatewayPage:
    """The acquirer's page that `page` stands on; `is_back` tells when the payer has left it again."""

    def __init__(self, page: Page, *, is_back: Callable[[], bool]) -> None:
        self._page = page
        self._is_back = is_back
        _visible(page.locator(_CARD_NUMBER)).wait_for(timeout=PATIENCE_MS)
        found = _REFERENCE.search(page.url)
        self.reference = found[1] if found else ""
        """The gateway's own name of the order."""

    def give_card(self, card: Card) -> bool:
        """Types the card and sends it; whether a password is asked for now. Raises NumberNotTaken."""
        page = self._page
        _visible(page.locator(_CARD_NUMBER)).fill(card.number)
        month, year = card.expiry.split("/")
        for name, value in (("month", month), ("year", year)):
            chosen = page.locator(f"#{name}, [name={name}]").first.evaluate(_CHOOSE, value)
            if not chosen:
                raise NumberNotTaken
        page.locator("#iCVC, [name=iCVC]").first.press_sequentially(card.cvv2, delay=_KEY_MS)
        page.locator("#iTEXT, [name=iTEXT]").first.fill("ACCEPTANCE TEST")
        button = page.locator("#buttonPayment, [name=buttonPayment]").first
        with suppress(TookTooLong):
            self._until(button.is_enabled, timeout_ms=_ENABLED_MS)
        if not button.is_enabled():
            raise NumberNotTaken
        button.click()
        self._until(lambda: self._is_back() or self.asks_for_a_password())
        return not self._is_back()

    def asks_for_a_password(self) -> bool:
        """Whether the password page is there."""
        return self._page.locator(_PASSWORD).first.is_visible()

    def give_password(self, password: str) -> bool:
        """Types and sends it; whether the page still asks for one."""
        page = self._page
        ask = page.locator(_ASK_FOR_CODE).first
        if ask.is_visible():
            ask.click()
        page.locator(_PASSWORD).first.fill(password)
        with suppress(TookTooLong), page.expect_navigation(timeout=PATIENCE_MS // 4):
            page.locator(_SEND_PASSWORD).first.click()
        self._until(lambda: self._is_back() or self.asks_for_a_password())
        return not self._is_back()

    def cancel(self) -> None:
        """Leaves by the button that cancels, and is back."""
        page = self._page
        page.once("dialog", lambda dialog: dialog.accept())
        named = page.locator("[name=cancel]")
        spoken = page.get_by_role("button", name=_CANCEL).or_(page.get_by_role("link", name=_CANCEL))
        (named if named.count() else spoken).first.click()
        self._until(self._is_back)

    def _until(self, condition: Callable[[], bool], *, timeout_ms: int = PATIENCE_MS) -> None:
        """Looks again until it holds; a page that is just being replaced counts as not yet. Raises TookTooLong."""
        for _ in range(timeout_ms // _STEP_MS):
            with suppress(Error):
                if condition():
                    return
            self._page.wait_for_timeout(_STEP_MS)
        raise TookTooLong("the gateway's page did not go on")


def _visible(fields: Locator) -> Locator:
    return fields.filter(visible=True).first
