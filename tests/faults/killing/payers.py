"""The people who pay while the machine is being killed: each has a way of going about it.

What each was shown is written down as it happens, for whoever compares it with the books afterwards.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from random import Random
from urllib.parse import urlsplit

from faults.killing.browser import Browser, GaveUp, Page, solved
from faults.killing.street import COMPANY, KilledStreet

EMPTY_CARD = "6280580610061110"
"""The test deck's card whose account holds next to nothing."""
LANGUAGE = "en"
REFERENCE = r"mdOrder=([A-Za-z0-9-]+)"


@dataclass(kw_only=True)
class Told:
    """What one attempt's payer was told, in the order in which it was told."""

    number: str
    way: str
    email: str = ""
    attempt: str = ""
    """The address that we led the payer to: the attempt was acknowledged."""
    reference: str = ""
    """The bank's name of the order."""
    says_paid: bool = False
    receipt: str = ""
    bill_says_paid: bool = False
    says_no_money: bool = False
    """"No money was taken", without "so far"."""


@dataclass(kw_only=True)
class Crowd:
    """Payers who come one after the other, several at once, until they are asked to stop coming."""

    street: KilledStreet
    numbers: list[str]
    seed: int
    patience_seconds: float
    thinks_seconds: float
    told: list[Told] = field(default_factory=list)
    broken_pages: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    loads_again: Counter[str] = field(default_factory=Counter)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _turn: Iterator[int] = field(default_factory=count)

    def come(self, *, at_once: int) -> Callable[[], None]:
        """They begin; call what is returned to let the last ones finish."""
        threads = ThreadPoolExecutor(max_workers=at_once)
        comings = [threads.submit(self._keep_coming) for _ in range(at_once)]

        def stop() -> None:
            self._stopping.set()
            for coming in comings:
                coming.result()
            threads.shutdown()

        return stop

    def _keep_coming(self) -> None:
        while not self._stopping.is_set():
            turn = next(self._turn)
            random = Random(f"{self.seed}/{turn}")
            # Now and then somebody types a number that somebody else is paying, or has paid.
            place = turn if random.random() < 0.94 else random.randrange(turn + 1)
            way = random.choices(list(WAYS), weights=[weight for weight, _ in WAYS.values()])[0]
            told = Told(
                number=self.numbers[place % len(self.numbers)],
                way=way,
                email=f"payer-{turn}@example.com" if random.random() < 0.35 else "",
            )
            self.told.append(told)
            self.ways[way] += 1
            visit = _Visit(self, told, random)
            try:
                WAYS[way][1](visit)
            except GaveUp:
                self.ways["gave up"] += 1
            except Exception as surprise:  # noqa: BLE001 - a payer's surprise is the run's finding
                self.surprises.append(f"{way} {told.number}: {surprise!r}")
            if not told.reference:
                time.sleep(1)  # whoever got nowhere is not at once followed by the next


class _Visit:
    """One payer on the way from the number to the end."""

    def __init__(self, crowd: Crowd, told: Told, random: Random) -> None:
        self.crowd, self.told, self.random = crowd, told, random
        self.browser = Browser(
            portal_url=crowd.street.portal_url,
            sandbox_url=crowd.street.sandbox_url,
            patience_seconds=crowd.patience_seconds,
            broken_pages=crowd.broken_pages,
            loads_again=crowd.loads_again,
        )

    def thinks(self) -> None:
        time.sleep(self.random.uniform(0, 2 * self.crowd.thinks_seconds))

    def finds(self) -> str | None:
        """The bill's address when it can be paid."""
        found = self.browser.post(f"/{LANGUAGE}/{COMPANY}/pay/", number=self.told.number)
        if not found.location:
            return None
        page = self.keeps(self.browser.get(found.location))
        return found.location if "/pay/" in page.text and "This bill is paid" not in page.text else None

    def reviews(self, bill: str) -> dict[str, str] | None:
        """The form of the last page before the bank's, filled in."""
        return self._filled(self.browser.get(f"{bill}pay/"))

    def presses(self, bill: str, form: dict[str, str]) -> bool:
        """Presses the button, again where the page asks for another captcha; whether an attempt was led to."""
        for _ in range(4):
            page = self.browser.post(f"{bill}pay/", **form)
            if page.status == 303 and "/payment/" in page.location:
                self.told.attempt = page.location
                return True
            again = self._filled(page)
            if again is None:
                self.keeps(page)
                return False
            form = again
        return False

    def leaves(self) -> bool:
        """Waits for the page that leads to the bank; whether it came."""
        for _ in range(20):
            page = self.keeps(self.browser.get(self.told.attempt))
            reference = page.find(REFERENCE)
            if reference is not None:
                self.told.reference = reference
                return True
            if page.location or "being opened" not in page.text:
                self.keeps(self.browser.follow(page))
                return False
            time.sleep(0.5)
        return False

    def pays(self, card: str = "") -> str:
        """Card and code; the address that the bank sends the browser to."""
        asked = {"mdOrder": self.told.reference, **({"card": card} if card else {})}
        answer = self.browser.at_the_bank("/control/pay", asked)
        back = urlsplit(answer["redirect_url"])
        return f"{back.path}?{back.query}"

    def cancels(self) -> str:
        """The button of the card page; the way back by the address for failures."""
        page = self.browser.get(self.told.attempt).find(r'href="([^"]*mdOrder=[^"]*)"')
        back = ""
        if page is not None:
            address = urlsplit(page)
            back = self.browser.at_the_bank(f"{address.path}?{address.query}", form="cancel=1")["redirect_url"]
        parts = urlsplit(back)
        return f"{parts.path}?{parts.query}" if parts.path else f"{self.told.attempt}back/not-paid/"

    def comes_back(self, path: str) -> Page:
        page = self.keeps(self.browser.follow(self.keeps(self.browser.get(path))))
        tries = 0
        while "being checked" in page.text and tries < 3:
            time.sleep(1)
            page = self.keeps(self.browser.follow(self.browser.get(f"{self.told.attempt}back/")))
            tries += 1
        return page

    def keeps(self, page: Page) -> Page:
        """Writes down what a page has promised."""
        if page.status != 200:
            return page
        if "Paid. Thank you." in page.text or "This payment is done" in page.text:
            self.told.says_paid = True
            if page.path.startswith("/r/"):
                self.told.receipt = page.path
        if "This bill is paid" in page.text:
            self.told.bill_says_paid = True
        if "No money was taken." in page.text:
            self.told.says_no_money = True
        return page

    def _filled(self, page: Page) -> dict[str, str] | None:
        order, challenge = page.find(r'name="order"\s+value="([^"]+)"'), page.find(r'data-challenge="([^"]+)"')
        if order is None or challenge is None:
            return None
        return {"order": order, "accept": "yes", "email": self.told.email, "captcha_work": solved(challenge)}

    def reaches_the_bank(self) -> bool:
        """All the way to the card page, as everybody goes."""
        bill = self.finds()
        if bill is None:
            return False
        self.thinks()
        form = self.reviews(bill)
        if form is None:
            return False
        self.thinks()
        return self.presses(bill, form) and self.leaves()


def _pays(visit: _Visit) -> None:
    if visit.reaches_the_bank():
        visit.thinks()
        visit.comes_back(visit.pays())


def _closes_after_the_code(visit: _Visit) -> None:
    if visit.reaches_the_bank():
        visit.thinks()
        visit.pays()


def _cancels(visit: _Visit) -> None:
    if visit.reaches_the_bank():
        visit.comes_back(visit.cancels())


def _is_refused(visit: _Visit) -> None:
    if visit.reaches_the_bank():
        visit.comes_back(visit.pays(EMPTY_CARD))


def _abandons(visit: _Visit) -> None:
    visit.reaches_the_bank()


def _reloads(visit: _Visit) -> None:
    """The way back four times over, and the bill's own page after that."""
    if visit.reaches_the_bank():
        back = visit.pays()
        for _ in range(4):
            visit.comes_back(back)
        visit.finds()


def _presses_twice(visit: _Visit) -> None:
    """The same form at the same moment from two places: one attempt, whichever answer comes."""
    bill = visit.finds()
    form = visit.reviews(bill) if bill else None
    if bill is None or form is None:
        return
    other = _Visit(visit.crowd, Told(number=visit.told.number, way="second press"), visit.random)
    with ThreadPoolExecutor(max_workers=1) as hand:
        second = hand.submit(other.presses, bill, form)
        first_came = visit.presses(bill, form)
        second_came = second.result()
    if first_came and second_came and visit.told.attempt != other.told.attempt:
        visit.crowd.surprises.append(f"two presses of one form led to two attempts: {visit.told} {other.told}")
    if first_came and visit.leaves():
        visit.comes_back(visit.pays())


def _has_two_tabs(visit: _Visit) -> None:
    """A second form for the same bill: it stops before the card page, or it is the first that has failed."""
    bill = visit.finds()
    form = visit.reviews(bill) if bill else None
    if bill is None or form is None:
        return
    other = _Visit(visit.crowd, Told(number=visit.told.number, way="second tab"), visit.random)
    other_form = other.reviews(bill)
    if visit.presses(bill, form) and visit.leaves():
        if other_form is not None and other.presses(bill, other_form):
            visit.crowd.told.append(other.told)
            if other.leaves():
                other.comes_back(other.pays())
        visit.comes_back(visit.pays())


WAYS: dict[str, tuple[int, Callable[[_Visit], None]]] = {
    "pays": (36, _pays),
    "closes after the code": (24, _closes_after_the_code),
    "cancels": (6, _cancels),
    "is refused": (6, _is_refused),
    "abandons": (5, _abandons),
    "reloads": (7, _reloads),
    "presses twice": (8, _presses_twice),
    "has two tabs": (8, _has_two_tabs),
}
