"""People who work here, in a real browser: every page is readable by everybody, and passkeys open what they should."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bawabati.companies.models import Company
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.invite_staff import invite_staff
from bawabati.links import Purpose, link_token
from bawabati.people.models import Staff
from bawabati.people.reads import list_factors
from bawabati.people.rules import Factor, Role
from browser.walking import Walk, barriers, overflow, unfold
from programs import free_port, running
from staff import PASSWORD, add_agency, add_person, code_of, give_device, give_password, sign_in_browser

NADJIA = "nadjia@oran.example"
PAGES = (
    *("", "place/", "change-cashier/", "confirm/", "sign-in/", "security/", "security/device/", "security/passkey/"),
    *("security/recovery-codes/", "security/password/", "security/pin/"),
)


@pytest.fixture
def nadjia(company: Company) -> Staff:
    """A cashier of two agencies."""
    add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company, "AG08"), name="نجية")
    return add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("en", 360)])
def test_no_page_of_sign_in_keeps_anybody_out(
    walk: Callable[..., Walk], nadjia: Staff, language: str, width: int
) -> None:
    visitor = walk(language=language, width=width)
    page, start = visitor.page, f"{visitor.portal}/{language}/staff/"
    give_password(nadjia)
    secret = give_device(nadjia)
    page.goto(start)
    look(page, "sign in")
    page.locator("#login").fill(NADJIA)
    page.locator("#password").fill("wrong")
    page.locator("form button:visible").first.click()
    look(page, "wrong password")
    page.locator("#login").fill(NADJIA)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button:visible").first.click()
    look(page, "second factor")
    page.locator("#code").fill(code_of(secret))
    page.locator("form button:visible").first.click()
    expect(page).to_have_url(start)
    for address in PAGES:
        answer = page.goto(f"{start}{address}")
        assert answer is not None
        assert answer.status == 200, address
        look(page, address)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{start}security/")
    look(page, "dark")


def test_everything_but_passkeys_works_without_javascript(walk: Callable[..., Walk], nadjia: Staff) -> None:
    visitor = walk(language="ar", javascript=False)
    invitation = invite_staff(
        person_login=NADJIA, login=add_person("leila@oran.example", Role.ADMINISTRATOR).login, now=_now()
    )
    page = visitor.page
    page.goto(f"{visitor.portal}/ar/staff/invitation/{link_token(Purpose.INVITATION, invitation.id)}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    look_without_script(page)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile(r"/ar/staff/security/$"))
    page.goto(f"{visitor.portal}/ar/staff/security/device/")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("#code").fill(code_of(secret))
    page.locator("main form button").last.click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.locator("a.button").click()
    expect(page).to_have_url(re.compile(r"/ar/staff/$"))
    assert [factor.type for factor in list_factors(nadjia.id)] == [Factor.TOTP, Factor.RECOVERY_CODE]


def look_without_script(page: Page) -> None:
    assert page.locator("form[data-passkey]:visible").count() == 0


def _now() -> datetime:
    from django.utils import timezone  # noqa: PLC0415 - settings first

    return timezone.now()


# --- passkeys: a browser offers them at https or at localhost, never at a bare address ---


@pytest.fixture
def portal_at_localhost(tmp_path: Path, settings_of_the_portal: dict[str, str]) -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}"
    command = ("-m", "bawabati.config.commands", "serve", "--port", str(port))
    settings = settings_of_the_portal | {"BAWABATI_PUBLIC_URL": url}
    with running("portal", *command, settings=settings, url=f"http://127.0.0.1:{port}", state=tmp_path):
        yield url


def with_a_key(page: Page) -> None:
    """A device that verifies its user and keeps passkeys, as a browser's own tools simulate it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_finance_officer_makes_a_passkey_and_comes_in_with_nothing_else(
    portal_at_localhost: str, new_page: Callable[..., Page], company: Company
) -> None:
    salima = add_person("salima2@oran.example", Role.FINANCE, company=company)
    give_password(salima)
    page = new_page(language="fr")
    with_a_key(page)
    start = f"{portal_at_localhost}/fr/staff/"
    page.goto(start)
    page.locator("#login").fill(salima.login)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button:visible").first.click()
    expect(page).to_have_url(f"{start}security/")
    page.goto(f"{start}security/passkey/")
    page.locator("#name").fill("téléphone")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(start)
    expect(page.locator("h1")).to_have_text("Votre travail")
    assert [factor.type for factor in list_factors(salima.id)] == [Factor.PASSKEY, Factor.RECOVERY_CODE]

    unfold(page, ".account")
    page.locator("form[action$='sign-out/'] button").click()
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(start)
    page.goto(f"{start}confirm/")
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(start)

    unfold(page, ".account")
    page.locator("form[action$='sign-out/'] button").click()
    page.locator("#login").fill(salima.login)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button:visible").first.click()
    expect(page).to_have_url(f"{start}sign-in/code/")
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(start)


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_the_page_of_people_keeps_nobody_out(
    walk: Callable[..., Walk], nadjia: Staff, company: Company, language: str, width: int
) -> None:
    for login in ("leila@oran.example", "tarek@oran.example"):
        administrator = add_person(login, Role.ADMINISTRATOR, company=company)
    give_device(nadjia)
    ask_factor_reset(person_login=NADJIA, because="she came by", login="leila@oran.example", now=_now())
    visitor = walk(language=language, width=width)
    sign_in_browser(visitor.page, visitor.portal, administrator)
    visitor.page.goto(f"{visitor.portal}/{language}/office/people/")
    visitor.page.locator("form[action$='invite/'] button").first.click()
    expect(visitor.page.locator(".note .secret")).to_be_visible()
    for summary in visitor.page.locator(".page summary").all():
        summary.click()
    look(visitor.page, "people")


def test_the_helper_of_the_tests_signs_a_browser_in(walk: Callable[..., Walk], nadjia: Staff) -> None:
    visitor = walk(language="fr")
    sign_in_browser(visitor.page, visitor.portal, nadjia)
    visitor.page.goto(f"{visitor.portal}/fr/staff/")
    expect(visitor.page.locator("h1")).to_have_text("Votre travail")
