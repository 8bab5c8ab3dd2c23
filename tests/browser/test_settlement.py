"""The finance officer's morning in a real browser: the sandbox's bank has sent its files.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_settlement.py` renews the guide's pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.companies.models import Company
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.match_statement import match_statement
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.settlement.models import Difference, Statement, StatementProfile
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, add_bill
from programs import Program
from staff import add_person, sign_in_browser

TELEPHONE = 360
MERCHANT = "SAT2601010001"


@pytest.fixture
def farid(company: Company) -> Staff:
    return add_person("farid@oran.example", Role.FINANCE, company=company)


@pytest.fixture
def lina(company: Company) -> Staff:
    return add_person("lina@oran.example", Role.DIRECTOR, company=company)


@pytest.fixture
def file_of_the_bank(company: Company, outside: Outside, tmp_path: Path) -> Path:
    """Two people paid today; the acquirer says another amount of one of them."""
    for seed in (41, 42):
        payment = start(company, add_bill(company, seed=seed))
        outside.pay(reference(payment), AMINAS_CARD)
        confirm_payment(payment_id=payment.id, now=timezone.now())
    wish = {"kind": "changed_amount", "merchant": MERCHANT}
    httpx.post(f"{outside.url}/control/bank/disorders", json=wish).raise_for_status()
    closed = httpx.post(f"{outside.url}/control/bank/close-day", json={"merchant": MERCHANT}).raise_for_status()
    told = next(each for each in closed.json()["files"] if each["which"] == "acquirer")
    file = tmp_path / told["name"]
    file.write_bytes(httpx.get(f"{outside.url}{told['address']}").content)
    return file


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("ar", 1280), ("ar", TELEPHONE), ("fr", TELEPHONE)])
def test_a_morning_from_the_banks_file_to_a_settled_difference(
    portal: Program,
    new_page: Callable[..., Page],
    farid: Staff,
    lina: Staff,
    file_of_the_bank: Path,
    language: str,
    width: int,
) -> None:
    page = new_page(width=width, language=language)
    settlement = f"{portal.url}/{language}/office/settlement/"
    sign_in_browser(page, portal.url, farid)
    page.goto(settlement)
    look(page, "days")
    page.goto(f"{settlement}files/bring/")
    look(page, "bring")
    page.set_input_files("#file", str(file_of_the_bank))
    page.select_option("#profile", str(StatementProfile.objects.get(code="satim").id))
    page.locator("button[value=look]").click()
    look(page, "preview")
    assert Statement.objects.count() == 0
    if width > TELEPHONE:
        keep_picture(page, f"settlement-preview-{language}")
    page.locator("button[value=import]").click()
    statement = Statement.objects.get()
    expect(page.locator("h1")).to_have_text(file_of_the_bank.name)
    match_statement(statement_id=statement.id, now=timezone.now())
    look(page, "file")

    page.goto(f"{settlement}differences/?state=unsettled")
    look(page, "differences")
    page.locator("table.list tbody a").first.click()
    page.locator("button[value=take]").click()
    page.locator("#promised-on").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    page.locator("button[value=promise]").click()
    page.locator("input[name=ending]").last.check()
    page.locator("#because").fill("رسالة البنك" if language == "ar" else "lettre de la banque")
    page.locator("button[value=propose]").click()
    expect(page.locator(".state.is-proposed")).to_be_visible()
    look(page, "proposed")
    address = page.url.replace("/settle/", "/")

    sign_in_browser(page, portal.url, lina)
    page.goto(address)
    look(page, "to confirm")
    if width > TELEPHONE:
        keep_picture(page, f"settlement-difference-{language}")
    page.locator("button[name=agrees][value=yes]").click()
    expect(page.locator(".state.is-ended")).to_be_visible()
    assert Difference.objects.get().state == "ended"

    sign_in_browser(page, portal.url, farid)
    today = timezone.localdate()
    page.goto(f"{settlement}?from={today}&to={today}")
    look(page, "the day")
    for address in ("files/", "profiles/", "profiles/satim/", "fees/"):
        page.goto(f"{settlement}{address}")
        look(page, address)


def test_the_days_of_a_week_at_a_glance(
    portal: Program,
    new_page: Callable[..., Page],
    company: Company,
    farid: Staff,
    behind_the_scenes: psycopg.Connection[tuple[object, ...]],
    tmp_path: Path,
) -> None:
    """The guide's picture: a week with a gap and a few differences."""
    from month import Month, plan  # noqa: PLC0415 - settings first

    month = Month(company=company, officer=farid, connection=behind_the_scenes, folder=tmp_path)
    month.fill(payments=300)
    bank = month.bank(seed=3)
    plan(bank)
    month.live(bank, days=12)
    for language in ("fr", "ar"):
        page = new_page(width=1024, language=language)
        sign_in_browser(page, portal.url, farid)
        page.goto(f"{portal.url}/{language}/office/settlement/?from=2026-09-04&to=2026-09-07")
        look(page, "a week")
        keep_picture(page, f"settlement-days-{language}")
