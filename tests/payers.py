"""People at the pages: what a browser does without scripts, step by step, over Django's own client.

Nothing is known that a page has not said: addresses and hidden values are read from the page before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import altcha
from django.test import Client

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bawabati.bills.models import Bill

FORM = "application/x-www-form-urlencoded"
Page = Any
"""A response of the client, its text in `.text`."""


class FormClient(Client):
    """Django's client, sending forms as a browser sends ours: it would send every form as files otherwise."""

    def post(self, path: str, data: Any = None, content_type: str = FORM, **extra: Any) -> Page:  # type: ignore[override]  # noqa: ANN401
        if content_type == FORM and isinstance(data, Mapping):
            data = urlencode(data, doseq=True, errors="surrogatepass")
        return super().post(path, data, content_type=content_type, **extra)


@dataclass
class Payer:
    """Somebody with a browser."""

    language: str = "ar"
    client: Client = field(default_factory=lambda: FormClient(headers={"Sec-Fetch-Site": "same-origin"}))

    def get(self, address: str, **headers: str) -> Page:
        return self.client.get(address, headers=headers)

    def find(self, bill: Bill | str, *, company: str = "oran", **more: str) -> Page:
        """Types a payment number; the answer, not yet followed."""
        number = bill if isinstance(bill, str) else bill.payment_number
        return self.client.post(f"/{self.language}/{company}/pay/", {"number": number} | more)

    def bill_address(self, bill: Bill, *, company: str = "oran") -> str:
        found = self.find(bill, company=company)
        assert found.status_code == 303, found.content.decode()
        return str(found.headers["Location"])

    def review_address(self, bill: Bill) -> str:
        """Of the bill alone, whole."""
        address = self.bill_address(bill)
        page = self.get(address)
        if 'name="bills"' in page.content.decode():
            return str(self.client.post(address, {"bills": "1"}).headers["Location"])
        return next(address for address in links(page) if address.endswith("/pay/") and "/bill/" in address)

    def confirm(self, address: str, **changes: str) -> Page:
        """Opens the review, does all that it asks, and presses the button."""
        return self.client.post(address, filled(self.get(address)) | changes)

    def start(self, bill: Bill, **changes: str) -> str:
        """All the way to the page that leaves for the bank: its address."""
        started = self.confirm(self.review_address(bill), **changes)
        assert started.status_code == 303, started.content.decode()
        return str(started.headers["Location"])


def filled(review: Page) -> dict[str, str]:
    """What the review's form sends when everything is done."""
    return {"order": hidden(review, "order"), "accept": "yes", "email": ""} | solved(review)


def solved(page: Page) -> dict[str, str]:
    """The page's captcha, worked out."""
    challenge = altcha.Challenge.from_dict(json.loads(attribute(page, "data-challenge")))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return {"captcha_work": altcha.Payload(challenge, solution).to_base64()}


def attribute(page: Page, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', page.content.decode())
    assert found is not None, f"no {name} on the page"
    return unescape(found[1])


def hidden(page: Page, name: str) -> str:
    found = re.search(rf'type="hidden"\s+name="{name}"\s+value="([^"]*)"', page.content.decode())
    assert found is not None, f"no hidden {name} on the page"
    return unescape(found[1])


def links(page: Page) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', page.content.decode())]


def words(page: HttpResponse) -> str:
    """What a person reads: no markup, no runs of space."""
    body = page.content.decode().partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
