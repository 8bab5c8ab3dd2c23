"""What is typed on the password page: the deck's static password, or the code on the sandbox's phone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import httpx

from bawabati.jobs.acceptance.deck import Card

_SECONDS = 20
_LOOK_EVERY_SECONDS = 0.3


class NotTheSandbox(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """What was named as the sandbox does not answer like one. The message says how."""


class Codes(Protocol):
    """Where the right password of a card comes from."""

    def code_for(self, card: Card, reference: str) -> str:
        """What its holder would type for the order `reference`."""
        ...

    def mails_with_pdf(self, address: str) -> bool | None:
        """Whether a message with a PDF has arrived there; None where nobody can look."""
        ...


class StaticPasswords:
    """The certification environment: each card has its password in the deck."""

    def code_for(self, card: Card, reference: str) -> str:  # noqa: ARG002 - one shape for both
        """The deck's."""
        return card.password

    def mails_with_pdf(self, address: str) -> bool | None:  # noqa: ARG002 - one shape for both
        """Nobody can look into a real inbox."""
        return None


class SandboxPhone:
    """The sandbox at `url`: codes arrive on its phone, messages in its inbox, both read by its control API."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def code_for(self, card: Card, reference: str) -> str:
        """The newest code that was sent for the order. Raises NotTheSandbox when none comes."""
        if self._get("settings").get("code_by") == "password":
            return card.password
        for _ in _for_a_while():
            texts = self._get("sms", md_order=reference)["sms"]
            if texts:
                return str(texts[0]["code"])
        raise NotTheSandbox(f"no code came for the order {reference}")

    def mails_with_pdf(self, address: str) -> bool | None:
        """Waits a little for it."""
        for _ in _for_a_while():
            mails = self._get("mails", to=address)["mails"]
            if any(attached["name"].endswith(".pdf") for mail in mails for attached in mail["attachments"]):
                return True
        return False

    @contextmanager
    def playing_the_printed_deck(self) -> Iterator[None]:
        """Every card answers as the print of the published deck says, while the block lasts."""
        before = self._get("settings")["deck"]
        self._post("settings", {"deck": "printed"})
        try:
            yield
        finally:
            self._post("settings", {"deck": before})

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._asked("GET", path, params=query)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._asked("POST", path, json=body)

    def _asked(self, verb: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx takes them
        try:
            answer = httpx.request(verb, f"{self._url}/control/{path}", timeout=_SECONDS, **more)
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise NotTheSandbox(f"the sandbox at {self._url} does not answer: {type(error).__name__}") from error
        return found


def _for_a_while() -> Iterator[None]:
    ends_at = time.monotonic() + _SECONDS
    while time.monotonic() < ends_at:
        yield
        time.sleep(_LOOK_EVERY_SECONDS)
