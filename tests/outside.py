"""The outside world as a test steers it: the sandbox's control API, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from people import Card

MERCHANT_PASSWORD = "sandbox-oran-1"


@dataclass(frozen=True, slots=True)
class Outside:
    """One sandbox at `url`. What a test changes, `reset` takes back."""

    url: str

    def pay(self, reference: str, card: Card) -> dict[str, Any]:
        """Gives the card and the code that was sent to its phone, as a payer does on the pages."""
        return self._post("pay", {"mdOrder": reference, "card": card.number})

    def pay_with_wrong_codes(self, reference: str, card: Card) -> None:
        """Three wrong codes: the card is locked for payments on the web."""
        for _ in range(3):
            self._post("pay", {"mdOrder": reference, "card": card.number, "code": "000000"})

    def give_back(self, reference: str, centimes: int) -> None:
        """Gives money back past the portal, as the merchant does in the bank's console."""
        order = self.order(reference)
        merchant = {"userName": order["merchant"], "password": MERCHANT_PASSWORD}
        answer = httpx.post(
            f"{self.url}/payment/rest/refund.do", data={**merchant, "orderId": reference, "amount": str(centimes)}
        )
        assert str(answer.json()["errorCode"]) == "0", answer.text

    def order(self, reference: str) -> dict[str, Any]:
        """An order beside the issuer's own books."""
        return self._get(f"orders/{reference}")

    def orders(self, order_number: str) -> list[dict[str, Any]]:
        """The orders of that number; empty when none was registered."""
        found: list[dict[str, Any]] = self._get("orders", order_number=order_number)["orders"]
        return found

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What has arrived for an address, newest first."""
        found: list[dict[str, Any]] = self._get("mails", to=to)["mails"]
        return found

    def sms(self, phone: str) -> list[dict[str, Any]]:
        """The messages of merchants on one phone, newest first."""
        found: list[dict[str, Any]] = self._get("sms", phone=phone)["sms"]
        return found

    def texts(self, reference: str) -> list[dict[str, Any]]:
        """The messages on the phone about one order, newest first."""
        found: list[dict[str, Any]] = self._get("sms", md_order=reference)["sms"]
        return found

    def told(self, system: str = "oran") -> list[dict[str, Any]]:
        """What the company's billing system was told by webhook, oldest first."""
        found: list[dict[str, Any]] = self._get(f"billing/{system}")["told"]
        return found[::-1]

    def trust(self, *secrets: str, system: str = "oran") -> None:
        """The billing system knows these secrets, and believes nothing that is signed with another."""
        self._post(f"billing/{system}", {"secrets": list(secrets)})

    def misbehave(self, kind: str, *, system: str = "oran", **how: object) -> None:
        """The billing system meets the next webhooks oddly."""
        self._post(f"billing/{system}/oddities", {"kind": kind, **how})

    def behave(self, system: str = "oran") -> None:
        """No oddity is left."""
        httpx.delete(f"{self.url}/control/billing/{system}").raise_for_status()

    def webhooks_url(self, system: str = "oran") -> str:
        """Where the billing system is told."""
        return f"{self.url}/billing/{system}/webhooks"

    def advance(self, seconds: float) -> None:
        """Lets time pass for the outside world alone."""
        self._post("clock", {"advance_seconds": seconds})

    def change(self, **settings: object) -> None:
        """Changes the gateway's settings."""
        self._post("settings", settings)

    @contextmanager
    def fault(self, kind: str, **how: object) -> Iterator[None]:
        """Plays a fault while the block lasts."""
        fault = self._post("faults", {"kind": kind, **how})
        try:
            yield
        finally:
            httpx.delete(f"{self.url}/control/faults/{fault['identifier']}")

    def reset(self) -> None:
        """Back to the first day."""
        self._post("reset", {})

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/control/{path}", params=query).raise_for_status().json()
        return found

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answered: dict[str, Any] = (
            httpx.post(f"{self.url}/control/{path}", json=body, timeout=60).raise_for_status().json()
        )
        return answered
