"""A cashier at the page for a cut line, as far as HTTP goes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

CODE = "4711-0815"


class Cashier:
    def __init__(self, browser: httpx.Client) -> None:
        self.browser = browser

    @classmethod
    @contextmanager
    def at(cls, folder: Path) -> Iterator[Cashier]:
        """In front of the bridge of that folder."""
        port = tomllib.loads((folder / "settings.toml").read_text())["desk_port"]
        transport = httpx.HTTPTransport(retries=20)  # the page comes up after the bridge
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", follow_redirects=True, trust_env=False, transport=transport
        ) as browser:
            yield cls(browser)

    def get(self, path: str = "/", **values: str) -> str:
        return self.browser.get(path, params=values).text

    def post(self, path: str, **values: str) -> httpx.Response:
        return self.browser.post(path, data=values)

    def sign_in(self, code: str = CODE, *, block: str = "3") -> httpx.Response:
        return self.post("/sign-in", block=block, code=code)

    def form_key(self) -> str:
        return hidden(self.get(), "form_key")

    def review(self, number: str = "31040000000000000017", amount: str = "1430,00") -> httpx.Response:
        return self.post("/review", form_key=self.form_key(), payment_number=number, amount=amount)

    def confirm(self, reviewed: str) -> httpx.Response:
        names = ("form_key", "token", "payment_number", "amount")
        return self.post("/confirm", **{name: hidden(reviewed, name) for name in names})

    def take(self, **more: str) -> httpx.Response:
        return self.confirm(self.review(**more).text)

    def void(self, number: int) -> httpx.Response:
        return self.post(f"/receipts/{number}/void", form_key=self.form_key())


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return found[1]
