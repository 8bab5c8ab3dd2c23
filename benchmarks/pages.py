"""What a first visit to each payer's page costs: requests, and bytes over the wire, seen by a real browser.

    python benchmarks/pages.py

Every page is opened by a browser that has never been here, in three languages. The bytes are those of all answers with
their headers, compressed as they travel. Aim: at most 2 requests and 14 KB; the captcha's deferred script on the review
page is counted apart. Ends with 1 when a page misses it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from payer import Payer
from street import COMPANY, Street, open_street

from chromium import find_chromium  # isort: skip - found by street's path

LANGUAGES = ("ar", "fr", "en")
MOST_REQUESTS, MOST_BYTES = 2, 14 * 1024
EMPTY_CARD = "6280580610061110"
"""The test deck's card whose account holds next to nothing."""
OF_THE_CAPTCHA = ("captcha", "altcha")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one first visit took."""

    requests: int
    size: int
    captcha_size: int

    def is_within_the_aim(self) -> bool:
        return self.requests <= MOST_REQUESTS and self.size <= MOST_BYTES


def main() -> int:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with open_street(bills=60) as street, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=as_root)
        numbers = iter(street.numbers_to_pay())
        seen: dict[str, dict[str, Visit]] = {}
        for language in LANGUAGES:
            for page, address in pages(street, numbers, language):
                seen.setdefault(page, {})[language] = visit(chromium, street.portal.url + address)
        chromium.close()
    show(seen)
    return sum(not one.is_within_the_aim() for visits in seen.values() for one in visits.values())


def pages(street: Street, numbers: Iterator[str], language: str) -> Iterator[tuple[str, str]]:
    """Every page that a payer may meet, each at a moment when it is there to be seen."""
    home = f"/{language}/{COMPANY}/"
    yield "home", f"/{language}/"
    yield "a company's home", home
    yield "agencies", f"{home}agencies/"
    yield "contact", f"{home}contact/"
    for text in ("help", "payment_terms", "sale_terms"):
        yield text.replace("_", " "), f"{home}text/{text}/"
    yield "not found", f"{home}nothing/"
    yield from pages_of_a_payment(street, next(numbers), language)
    yield from pages_of_a_refusal(street, next(numbers), language)


def pages_of_a_payment(street: Street, number: str, language: str) -> Iterator[tuple[str, str]]:
    payer = a_payer(street, language)
    bill = ""
    for step in payer.pay(number):
        match step:
            case "open the form":
                yield "number to type", payer.address
            case "see the bill":
                bill = payer.address
                yield "bill", bill
            case "review":
                yield "review", payer.address
            case "leave for the bank":
                yield "leaving", payer.address
                yield "being checked", f"{payer.address}back/"
            case "see the receipt":
                yield "receipt", f"/{language}{payer.address}"
                yield "receipt to print", f"{payer.address}print/"
    yield "bill that is paid", bill


def pages_of_a_refusal(street: Street, number: str, language: str) -> Iterator[tuple[str, str]]:
    payer = a_payer(street, language)
    for step in payer.pay(number):
        if step == "leave for the bank":
            yield "not paid", payer.pay_at_the_bank(card=EMPTY_CARD)
            return


def a_payer(street: Street, language: str) -> Payer:
    return Payer(portal_url=street.portal.url, sandbox_url=street.sandbox.url, company=COMPANY, language=language)


def visit(chromium: Browser, url: str) -> Visit:
    """Opens the address in a browser without a past. Where it leads on, only the page where it ends is counted."""
    visitor = chromium.new_context(viewport={"width": 360, "height": 800})
    page = visitor.new_page()
    network = visitor.new_cdp_session(page)
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def asked(event: Mapping[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def answered(event: Mapping[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.loadingFinished", answered)
    network.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    visitor.close()
    sent = {request: size for request, size in sizes.items() if addresses[request].startswith("http")}
    captcha = {request for request in sent if any(word in addresses[request] for word in OF_THE_CAPTCHA)}
    return Visit(
        requests=len(sent) - len(captcha),
        size=round(sum(size for request, size in sent.items() if request not in captcha)),
        captcha_size=round(sum(sent[request] for request in captcha)),
    )


def show(seen: Mapping[str, Mapping[str, Visit]]) -> None:
    print(f"{'':20} {'requests':>8}" + "".join(f"{language:>8}" for language in LANGUAGES) + f"{'captcha':>9}  bytes")
    for page, visits in seen.items():
        requests = max(one.requests for one in visits.values())
        captcha = max(one.captcha_size for one in visits.values())
        misses = "" if all(one.is_within_the_aim() for one in visits.values()) else "  misses the aim"
        sizes = "".join(f"{visits[language].size:>8}" for language in LANGUAGES)
        print(f"{page:20} {requests:>8}{sizes}{captcha or '':>9}{misses}")


if __name__ == "__main__":
    sys.exit(main())
