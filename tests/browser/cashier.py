"""A cashier at a desk in a real browser, a reader of the sandbox beside it, and a real bridge between them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import CDPSession, Page, expect

from agency import At
from people import OMAR, Card

if TYPE_CHECKING:
    from bawabati.companies.models import Reader
    from bawabati.payments.models import Sale

POI_ID = "SIM1000-000000012"
PIN = "1234"
PATIENCE_SECONDS = 30
SETTINGS = """
portal_wait_seconds = 2
contact_seconds = 1
retry_first_seconds = 0.1
retry_most_seconds = 0.5
desk_port = 0
"""
LAYOUTS = {
    "us": {},
    "french": dict(zip("1234567890-ABQWMZ", "&é\"'(-è_çà)QBAZ?W", strict=False)),
    "arabic": dict(zip("1234567890-ABQWMZ", "١٢٣٤٥٦٧٨٩٠-شلاضصةئ", strict=False)),
}
"""What a keyboard layout makes of the keys of a scanner that is set to a US keyboard."""


@dataclass(frozen=True)
class CustomersReader:
    """The sandbox's reader as the customer uses it: card and code."""

    sandbox: str
    poi_id: str = POI_ID

    def plug_in(self, **settings: object) -> dict[str, Any]:
        quick = {"card_seconds": 60, "host_seconds": 0, "printing_seconds": 0}
        return self._post("readers", {"poi_id": self.poi_id, "protocol": "nexo", "port": 0, **quick, **settings})

    def present(self, card: Card) -> None:
        self._post(f"readers/{self.poi_id}/card", {"card": card.number, "how": "contact"})

    def type_code(self, code: str = PIN) -> None:
        self._post(f"readers/{self.poi_id}/pin", {"pin": code})

    def fault(self, kind: str, **rule: object) -> None:
        self._post("reader-faults", {"kind": kind, "poi_id": self.poi_id, "times": 1, **rule})

    def mend(self) -> None:
        """No fault is waiting or lasting any more."""
        httpx.request("DELETE", f"{self.sandbox}/control/reader-faults", json={"seed": 1}).raise_for_status()

    @property
    def screen(self) -> str:
        return f"{self.sandbox}/reader/{self.poi_id}/"

    def _post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        answer = httpx.post(f"{self.sandbox}/control/{path}", json=body)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told


def put_reader(at: At, customers: CustomersReader, **settings: object) -> Reader:
    """The reader of the first desk, as the operator describes it; its bridge has still to come."""
    from bawabati.companies.models import Bridge, Reader  # noqa: PLC0415 - settings first

    plugged = customers.plug_in(**settings)
    bridge = Bridge.objects.create(company=at.company, agency=at.agency, name="AG07")
    return Reader.objects.create(
        company=at.company,
        agency=at.agency,
        desk=at.first,
        bridge=bridge,
        serial="000000012",
        model="SIM1000",
        protocol="nexo",
        poi_id=customers.poi_id,
        host="127.0.0.1",
        port=plugged["port"],
        options={"tls_ca_pem": plugged["ca_pem"]},
    )


@contextmanager
def bridge_running(at: At, *, portal: str, folder: Path) -> Iterator[None]:
    """The agency's bridge, enrolled with its one-time code and at work."""
    from django.utils import timezone  # noqa: PLC0415 - settings first

    from bawabati.flows.enrol_bridge import make_enrolment_code  # noqa: PLC0415

    code = make_enrolment_code(agency=at.agency, name="AG07", login=OMAR, now=timezone.now())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(SETTINGS)
    bridge = [sys.executable, "-m", "agency_bridge"]
    asked = [*bridge, "enrol", "--portal", portal, "--code", code, "--folder", str(folder)]
    subprocess.run(asked, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*bridge, "run", "--folder", str(folder)],
            env=os.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()


@dataclass
class Cashier:
    """Warda at her browser. She counts what she presses."""

    page: Page
    portal: str
    language: str
    pressed: int = 0

    def at(self, path: str = "") -> str:
        return f"{self.portal}/{self.language}/counter/{path}"

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def sit_down(self) -> None:
        """Opens a session with 5,000 DA in the drawer."""
        self.page.goto(self.at())
        self.page.locator("[name=pieces_100000]").fill("5")
        self.page.locator(".desk form").last.locator("button[type=submit]").click()
        expect(self.page.locator("#words")).to_be_visible()

    def find(self, words: str) -> None:
        """Types into the box."""
        self.page.wait_for_load_state()
        self.page.goto(self.at())
        self.page.locator("#words").fill(words)
        self.page.locator("#words").press("Enter")
        expect(self.page.locator("h1.customer, .error.alone")).to_be_visible()

    def type_slip(self) -> None:
        """What the reader's paper says."""
        for name, value in (("approval-code", "A1B2C3"), ("last-four", "4242"), ("slip-number", "17")):
            self.page.locator(f"#{name}").fill(value)
        self.press("Enter")

    def wait_for_light(self) -> None:
        """Until the bridge has told that the reader is well."""
        for _ in range(PATIENCE_SECONDS * 2):
            if self.page.locator(".light.ready").count():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(self.page.locator(".desk-bar").inner_text())

    def wait_for_step(self, step: str) -> None:
        """Until the reader shows it."""
        for _ in range(PATIENCE_SECONDS * 5):
            sale = newest_sale()
            if sale is not None and sale.step == step:
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(self.page.locator("main").inner_text())

    def scan(
        self,
        text: str,
        *,
        layout: str = "us",
        gap_milliseconds: float = 10,
        end: str = "Enter",
        late_milliseconds: float = 0,
    ) -> None:
        """A scanner's keys, at its own pace whatever this machine's; the one in the middle comes late."""
        session = self.page.context.new_cdp_session(self.page)
        gap, late = gap_milliseconds / 1000, late_milliseconds / 1000
        scan(session, text, layout=layout, gap=gap, end=end, late=late)


def scan(session: CDPSession, text: str, *, layout: str, gap: float, end: str, late: float = 0) -> None:
    """Key events with the moments of a scanner. What is typed is what `layout` makes of the keys."""
    from time import time  # noqa: PLC0415

    at = time()
    for place, letter in enumerate(text):
        at += late if place == len(text) // 2 else 0
        code, shift = _place_of(letter)
        typed = LAYOUTS[layout].get(letter, letter)
        key = {"code": code, "key": typed, "text": typed, "modifiers": 8 if shift else 0, "timestamp": at}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key, "timestamp": at + gap / 3})
        at += gap
    last = {"code": end, "key": end, "windowsVirtualKeyCode": 13 if end == "Enter" else 9, "timestamp": at}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r" if end == "Enter" else "", **last})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **last})


_PLACES = {"-": "Minus", "/": "Slash", ".": "Period", ":": "Semicolon", "_": "Minus"}


def _place_of(letter: str) -> tuple[str, bool]:
    """The key of a US keyboard, and whether shift is held."""
    if letter.isdigit():
        return f"Digit{letter}", False
    if letter.isalpha():
        return f"Key{letter.upper()}", letter.isupper()
    return _PLACES[letter], letter in ":_"


def newest_sale() -> Sale | None:
    from bawabati.payments.models import Sale  # noqa: PLC0415 - settings first

    return Sale.objects.order_by("-id").first()
