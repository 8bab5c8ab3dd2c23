"""A payer as the portal sees one: the requests of a browser, from the payment number to the receipt, on one connection.

It does as little work of its own as it can: it shares the machine with what it measures.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from altcha import Challenge, solve_challenge

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "ar-DZ,ar;q=0.9,fr;q=0.8",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

STEPS = (
    "open the form",
    "look the number up",
    "see the bill",
    "review",
    "start the payment",
    "leave for the bank",
    "come back",
    "see the receipt",
)
"""What the portal is asked for in one payment, in order."""

ORDER = re.compile(r'name="order" value="([^"]+)"')
CHALLENGE = re.compile(r'data-challenge="([^"]+)"')
ORDER_AT_THE_BANK = re.compile(r"mdOrder=([A-Za-z0-9-]+)")


class Payer:
    """One connection to the portal and one to the bank, kept for one payment after the other."""

    def __init__(self, *, portal_url: str, sandbox_url: str, company: str, language: str) -> None:
        self._portal = HTTPConnection(urlsplit(portal_url).netloc, timeout=60)
        self._bank = HTTPConnection(urlsplit(sandbox_url).netloc, timeout=60)
        self._form = f"/{language}/{company}/pay/"
        self._cookie: dict[str, str] = {}
        self._attempt = ""
        self.address = ""
        """Where the payer is: the path of the last page."""
        self.reference = ""
        """The bank's own name of the order, once the payer is on the way to it."""

    def pay(self, number: str, *, email: str = "") -> Iterator[str]:
        """Pays the bill of that number. Yields a name of STEPS after each answer of the portal."""
        names = iter(STEPS)
        self._cookie = {}
        self._get(self._form)
        yield next(names)
        bill = self._post(self._form, number=number)
        yield next(names)
        self._get(bill)
        yield next(names)
        review = self._get(f"{bill}pay/")
        yield next(names)
        order, challenge = _found(ORDER, review), json.loads(html.unescape(_found(CHALLENGE, review)))
        self._attempt = self._post(
            f"{bill}pay/", order=order, email=email, accept="yes", captcha_work=_solved(challenge)
        )
        yield next(names)
        self.reference = _found(ORDER_AT_THE_BANK, self._get(self._attempt))
        yield next(names)
        back = self.pay_at_the_bank()
        receipt = self._get(back, expected=303)
        yield next(names)
        assert "receipt.pdf" in self._get(receipt)
        yield next(names)

    def look_up(self, number: str) -> None:
        """Types the number and sees the bill."""
        self._get(self._post(self._form, number=number))

    def look_whether_it_leaves(self) -> bool:
        """The attempt's page, loaded once more: whether it leads to the bank by now."""
        found = ORDER_AT_THE_BANK.search(self._get(self._attempt))
        self.reference = found[1] if found else ""
        return found is not None

    def look_whether_it_is_paid(self) -> bool:
        """The way back, loaded once more: whether it leads to the receipt by now."""
        self._portal.request("GET", f"{self._attempt}back/", headers=BROWSER | self._cookie)
        answer = self._portal.getresponse()
        answer.read()
        return answer.status == 303

    def pay_at_the_bank(self, *, card: str = "") -> str:
        """Card and code; gives the address at the portal that the bank then sends the browser to."""
        asked = {"mdOrder": self.reference, **({"card": card} if card else {})}
        self._bank.request("POST", "/control/pay", json.dumps(asked))
        answer = json.loads(self._bank.getresponse().read())
        assert card or answer["state"] == "deposited", answer
        back = urlsplit(answer["redirect_url"])
        return f"{back.path}?{back.query}"

    def _get(self, path: str, *, expected: int = 200) -> str:
        """The page; where it leads when it is expected to lead on."""
        self.address = path
        self._portal.request("GET", path, headers=BROWSER | self._cookie)
        return self._answer(expected)

    def _post(self, path: str, **form: str) -> str:
        """The address that the answer leads to."""
        self._portal.request("POST", path, urlencode(form), headers=BROWSER | FORM | self._cookie)
        return self._answer(303)

    def _answer(self, expected: int) -> str:
        answer = self._portal.getresponse()
        body = _text(answer)
        assert answer.status == expected, (answer.status, body)
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = {"Cookie": cookie.partition(";")[0]}
        return body if expected == 200 else str(answer.getheader("Location"))


def _text(answer: HTTPResponse) -> str:
    body = answer.read()
    return (gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body).decode()


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found is not None, (pattern.pattern, page)
    return found[1]


def _solved(challenge: dict[str, Any]) -> str:
    solution = solve_challenge(Challenge.from_dict(challenge))
    assert solution is not None
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": solution.to_dict()}).encode()).decode()
