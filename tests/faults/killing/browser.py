"""A payer's browser on a street where every program may vanish: it loads again, and keeps what it was shown."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from altcha import Challenge, solve_challenge

HEADERS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (somebody in a hurry)"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LOADS_AGAIN_AFTER_SECONDS = 0.4
ANSWER_SECONDS = 40


class GaveUp(Exception):  # noqa: N818 - what the payer did
    """Nothing came for so long that the payer went away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came back."""

    status: int
    path: str
    location: str
    text: str

    def find(self, pattern: str) -> str | None:
        found = re.search(pattern, self.text)
        return html.unescape(found[1]) if found else None


@dataclass(kw_only=True)
class Browser:
    """One person's. `cookie` is what the portal left in it."""

    portal_url: str
    sandbox_url: str
    patience_seconds: float
    broken_pages: list[str]
    """What no page may ever be: a stack trace, a fault without words."""
    loads_again: Counter[str] = field(default_factory=Counter)
    """How often nothing came, and how often "not now"."""
    cookie: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """The page, loaded again until something comes. Raises GaveUp."""
        return self._until_it_comes("GET", path, None)

    def post(self, path: str, **form: str) -> Page:
        """The answer to a form, pressed again until something comes. Raises GaveUp."""
        return self._until_it_comes("POST", path, urlencode(form))

    def follow(self, page: Page) -> Page:
        """Where the answer leads on to."""
        steps = 0
        while page.location and steps < 5:
            page = self.get(_path_of(page.location))
            steps += 1
        return page

    def at_the_bank(self, path: str, body: dict[str, Any] | None = None, *, form: str = "") -> dict[str, Any]:
        """Speaks to the sandbox until it answers: its control API, or, with a `form`, a page of the payer's."""
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                headers = FORM if form else {}
                content = form or (json.dumps(body) if body is not None else None)
                method = "POST" if content is not None else "GET"
                status, location, text = _ask(self.sandbox_url, method, path, content, headers)
            except (OSError, HTTPException):
                self._wait(deadline, path)
                continue
            if form:
                return {"status": status, "redirect_url": location}
            return {"status": status, **json.loads(text)}

    def _until_it_comes(self, method: str, path: str, content: str | None) -> Page:
        deadline = time.monotonic() + self.patience_seconds
        while True:
            page = self._load(method, path, content)
            if page is not None and page.status != 503:
                return page
            self.loads_again["nothing came" if page is None else "not now"] += 1
            self._wait(deadline, path)

    def _load(self, method: str, path: str, content: str | None) -> Page | None:
        headers = HEADERS | self.cookie | (FORM if content is not None else {})
        try:
            connection = HTTPConnection(urlsplit(self.portal_url).netloc, timeout=ANSWER_SECONDS)
            try:
                connection.request(method, path, content, headers)
                answer = connection.getresponse()
                text = answer.read().decode(errors="replace")
            finally:
                connection.close()
        except (OSError, HTTPException):
            return None
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = {"Cookie": cookie.partition(";")[0]}
        page = Page(status=answer.status, path=path, location=answer.getheader("Location") or "", text=text)
        self._look_for_insides(page)
        return page

    def _look_for_insides(self, page: Page) -> None:
        """Rule of the house: bad weather is a page that says so."""
        without_words = page.status == 503 and "do not pay a second time" not in page.text
        if page.status not in {200, 303, 302, 422, 503} or "Traceback" in page.text or without_words:
            self.broken_pages.append(f"{page.path.split('?')[0]} answered {page.status}: {page.text[:300]!r}")

    def _wait(self, deadline: float, path: str) -> None:
        if time.monotonic() > deadline:
            raise GaveUp(path)
        time.sleep(LOADS_AGAIN_AFTER_SECONDS)


def solved(challenge: str) -> str:
    asked = json.loads(challenge)
    solution = solve_challenge(Challenge.from_dict(asked))
    assert solution is not None
    return base64.b64encode(json.dumps({"challenge": asked, "solution": solution.to_dict()}).encode()).decode()


def _ask(url: str, method: str, path: str, content: str | None, headers: dict[str, str]) -> tuple[int, str, str]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or "", answer.read().decode(errors="replace")
    finally:
        connection.close()


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
