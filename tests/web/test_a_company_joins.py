"""A company joins: from nothing to its first paid bill, over pages alone and real HTTP, by data and no code.

What people type is counted: every value that a form did not hold already. Three people work at it, each in a browser of
their own: Leila, who works nationally; Houria, the company's first administrator; Farid, its finance officer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape
from random import Random
from time import perf_counter, sleep
from typing import Any

import httpx
import pytest

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.companies.rules import mint_number
from bawabati.payments.models import Payment
from bawabati.people.rules import Role
from bill_files import bill_file
from outside import Outside
from payers import Payer, links
from people import AMINAS_CARD, add_company
from programs import Program
from staff import PASSWORD, add_person, code_of, session_key_of

OFFICE = "/fr/office/companies/"
SLOW_TYPIST = 2.5
"""Characters a second: thirty words a minute."""
FIVE_MINUTES = 300


class Browser(httpx.Client):
    """A browser without scripts; it keeps its cookies."""

    def __init__(self, portal: str) -> None:
        super().__init__(base_url=portal, headers={"Sec-Fetch-Site": "same-origin", "Referer": portal}, timeout=30)

    def post(self, url: str, data: Any = None, **more: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - as Django's client
        return super().post(url, data=data, **more)


@pytest.fixture
def browsers() -> Iterator[Callable[[str], Browser]]:
    """Opens browsers, and closes them with the test."""
    with ExitStack() as opened:
        yield lambda portal: opened.enter_context(Browser(portal))


@dataclass
class Typed:
    """What was typed, by anybody."""

    values: list[str] = field(default_factory=list)

    @property
    def characters(self) -> int:
        return sum(map(len, self.values))


@dataclass
class Clerk:
    """Somebody at the office's pages."""

    browser: Browser
    typed: Typed
    secret: str = ""

    def page(self, address: str) -> str:
        answer = self.browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.text)
        return answer.text

    def fill(
        self,
        address: str,
        *,
        act: str = "",
        post_to: str = "",
        page: str = "",
        files: Mapping[str, Any] | None = None,
        **values: str,
    ) -> httpx.Response:
        """Types `values` into the form of a page and sends it, with whatever it held already."""
        held = form_of(page or self.page(address), post_to or address)
        self.typed.values += [value for name, value in values.items() if held.get(name) != value]
        data = held | values | ({"act": act} if act else {})
        answer: httpx.Response = self.browser.post(post_to or address, data, files=files)
        assert answer.status_code in {200, 303}, plain(answer.text)
        return answer

    def accept(self, link: str) -> None:
        """The invitation: a password, then a device that shows codes."""
        address = "/" + link.split("/", 3)[3]
        self.fill(address, password=PASSWORD, again=PASSWORD)
        page = self.page("/fr/staff/security/device/")
        found = re.search(r"<code[^>]*>([A-Z2-7 ]{16,})</code>|>\s*((?:[A-Z2-7]{4} ?){4,8})\s*<", page)
        assert found is not None, plain(page)
        self.secret = (found[1] or found[2]).replace(" ", "")
        self.fill("/fr/staff/security/device/", page=page, code=code_of(self.secret))


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of a page's forms as a browser would send them; those of the form for `action` alone, if any."""
    main = page[page.index("<main") :]
    forms = re.findall(r"<form[^>]*>.*?</form>", main, re.DOTALL)
    named = [form for form in forms if f'action="{action}"' in form.split(">", 1)[0] + '"']
    text = "".join(named or forms)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = (re.search(rf'\s{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and 'type="file"' not in tag and (not re.search("checkbox|radio", tag) or "checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = unescape(body)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"\s+selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.usefixtures("worker")
def test_from_nothing_to_the_first_paid_bill_in_less_than_five_minutes(
    start_portal: Callable[..., Program], outside: Outside, browsers: Callable[[str], Browser]
) -> None:
    """A device that shows codes is enough here: no passkey could be shown without a browser's help."""
    portal = start_portal(BAWABATI_PASSKEYS_REQUIRED="0")
    add_company("oran", gateway_url=outside.url)
    began, typed = perf_counter(), Typed()

    def clerk() -> Clerk:
        return Clerk(browsers(portal.url), typed)

    leila, houria, farid = clerk(), clerk(), clerk()
    leila.browser.cookies.set("staff", session_key_of(add_person("leila@nation.example", Role.ADMINISTRATOR)))
    added = leila.fill(
        f"{OFFICE}add/", act="add", name_ar="مياه تافنة", name_fr="Eaux de la Tafna", code="tafna",
        email="clients@tafna.dz", wilayas="13, 46", administrator_name="Houria", administrator_login="houria@tafna.dz",
    )  # fmt: skip
    assert "/fr/tafna/" not in httpx.get(f"{portal.url}/fr/", follow_redirects=True).text

    houria.accept(link_of(added.text))
    houria.fill(
        f"{OFFICE}identity/", legal_form="SPA", address_ar="الرمشي", address_fr="Remchi", phone="043 00 00 00",
        nif="000013000000002", nis="000013010000002", rc="13/00-0000002B00", ai="13010000002",
    )  # fmt: skip
    for kind in ("payment_terms", "sale_terms"):
        assert "Eaux de la Tafna" in houria.page(f"/fr/office/texts/{kind}/")
        houria.fill(f"/fr/office/texts/{kind}/", act="publish")
    invited = houria.fill(
        "/fr/office/people/", post_to="/fr/office/people/add/", person="farid@tafna.dz", name="Farid", role="finance"
    )
    farid.accept(link_of(invited.text))
    houria.fill(f"{OFFICE}surplus/", surplus_owner_login="farid@tafna.dz")
    host = outside.url.partition("://")[2]
    houria.fill(
        f"{OFFICE}gateway/", post_to=f"{OFFICE}gateway/ask/", base_url=f"{outside.url}/payment/rest",
        user_name="SAT2601010002", terminal_id="E010901202", page_hosts=host, password="sandbox-tafna-2",
    )  # fmt: skip
    farid.fill(f"{OFFICE}gateway/", post_to=f"{OFFICE}gateway/decide/", act="approve")
    number = mint_number(random=Random(7))
    bring_bills(farid, number)
    assert "l’entreprise peut ouvrir" in plain(houria.page(f"{OFFICE}ready/"))
    houria.fill(f"{OFFICE}ready/", post_to=f"{OFFICE}opening/", act="open", because="Lancement")

    pay(browsers(portal.url), outside, number)
    took = perf_counter() - began
    payment = Payment.objects.get()
    assert (payment.company.code, payment.state) == ("tafna", "paid")
    assert Company.objects.get(code="tafna").is_open
    assert len(typed.values) <= 40, typed.values
    assert took + typed.characters / SLOW_TYPIST < FIVE_MINUTES, (took, typed.characters)


def link_of(page: str) -> str:
    found = re.search(r"https?://[^<\s]+/staff/invitation/[A-Za-z0-9_-]{38}/", page)
    assert found is not None, plain(page)
    return found[0]


def bring_bills(farid: Clerk, number: str) -> None:
    """The first file of bills, over the page, read by the worker."""
    values = ("F1", "C1", "Amina Benali", "2026-T3", "05/10/2026", "05/12/2026", "1430,50", "", "1430,50")
    file = bill_file(";".join((number, *values)))
    brought = farid.fill("/fr/office/bills/bring/", files={"file": ("bills.csv", file, "text/csv")})
    while "<progress" in farid.page(brought.headers["Location"]):
        sleep(0.2)
    assert "1 ligne" in plain(farid.page(brought.headers["Location"])) or Bill.objects.count() == 1


def pay(browser: Browser, outside: Outside, number: str) -> None:
    """Amina, at the national start page, with the number alone: it fits both companies' forms."""
    amina = Payer(language="fr", client=browser)  # type: ignore[arg-type]  # it is asked the same way
    assert "Eaux de la Tafna" in amina.client.post("/fr/", {"number": number}).content.decode()
    bill = amina.client.post("/fr/tafna/pay/", {"number": number}).headers["Location"]
    review = next(address for address in links(amina.get(bill)) if address.endswith("/pay/") and "/bill/" in address)
    attempt = amina.confirm(review).headers["Location"]
    assert amina.get(attempt).status_code == 200
    reference = Payment.objects.get().gateway_reference
    assert reference is not None
    outside.pay(reference, AMINAS_CARD)
    receipt = amina.get(f"{attempt}back/").headers["Location"]
    assert "1 430,50" in amina.get(receipt).content.decode().replace("\u202f", " ").replace("\xa0", " ")
