"""The way about the office: folded on a telephone, open at a desk, and no page wider than what it is read on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from bawabati.companies.models import Company
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from browser.walking import barriers, overflow, unfold
from programs import Program
from staff import add_person, sign_in_browser, signed_in
from strangers import World, add_world, addresses

TELEPHONE, DESK = 360, 1280
FIRST_SCREEN = 420
"""Pixels: a heading below them is not seen before somebody scrolls."""
MENU = ".office > .menu"
ROLES = (
    Role.FINANCE,
    Role.OPERATOR,
    Role.COMMUNICATION,
    Role.DIRECTOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
    Role.COORDINATOR,
)
PAGES_AT_LEAST = 60


@pytest.fixture
def finance(company: Company) -> Staff:
    return add_person("finance@menu.example", Role.FINANCE, company=company)


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_on_a_telephone_the_menu_is_folded_and_opens_by_the_keyboard(
    portal: Program, new_page: Callable[..., Page], finance: Staff, language: str, scripts: str
) -> None:
    javascript = scripts == "with scripts"
    page = new_page(width=TELEPHONE, language=language, javascript=javascript)
    sign_in_browser(page, portal.url, finance)
    page.goto(f"{portal.url}/{language}/office/payments/")
    assert top_of_heading(page) < FIRST_SCREEN
    here = page.locator(f"{MENU} [aria-current=page]")
    expect(here).to_be_hidden()
    page.locator(f"{MENU} > summary").press("Enter")
    expect(here).to_be_visible()
    expect(here).to_have_attribute("href", f"/{language}/office/payments/")
    if javascript:
        assert barriers(page) == []
    assert overflow(page) <= 0
    page.locator(f"{MENU} a[href='/{language}/office/refunds/']").press("Enter")
    expect(page).to_have_url(f"{portal.url}/{language}/office/refunds/")
    expect(here).to_be_hidden()
    unfold(page, ".account")
    expect(page.locator(".account a").first).to_be_visible()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_at_a_desk_the_menu_stands_open_beside_the_page(
    portal: Program, new_page: Callable[..., Page], finance: Staff, language: str
) -> None:
    page = new_page(width=DESK, language=language, javascript=False)
    sign_in_browser(page, portal.url, finance)
    page.goto(f"{portal.url}/{language}/office/payments/")
    expect(page.locator(f"{MENU} > summary")).to_be_hidden()
    menu, heading = page.locator(f"{MENU} nav"), page.locator("h1")
    beside, written = menu.bounding_box(), heading.bounding_box()
    assert beside is not None
    assert written is not None
    assert (beside["x"] > written["x"]) == (language == "ar")
    assert abs(beside["y"] - written["y"]) < FIRST_SCREEN / 4
    page.get_by_role("navigation").get_by_role("link", name=title_of_refunds(page)).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{portal.url}/{language}/office/refunds/")


def title_of_refunds(page: Page) -> str:
    return page.locator(f"{MENU} a[href$='/refunds/']").inner_text()


def top_of_heading(page: Page) -> float:
    box = page.locator("h1").first.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(("language", "width"), [("ar", TELEPHONE), ("fr", TELEPHONE), ("fr", DESK)])
def test_no_page_of_the_office_is_wider_than_the_screen_or_hides_its_heading(
    portal: Program, new_page: Callable[..., Page], language: str, width: int
) -> None:
    """Every address of the resolver, each as the first role that may open it."""
    world, wrong, seen = add_world("tafna"), [], set[str]()
    for role in ROLES:
        person = add_person(f"{role}@menu.example", role, company=None if role is Role.COORDINATOR else world.company)
        page = new_page(width=width, language=language)
        sign_in_browser(page, portal.url, person)
        for address in pages_for(signed_in(person), world, language=language) - seen:
            page.goto(f"{portal.url}{address}")
            seen.add(address)
            if overflow(page) > 0:
                wrong.append(f"{address}: {overflow(page)} pixels too wide")
            if page.locator("h1").count() != 1 or top_of_heading(page) > FIRST_SCREEN:
                wrong.append(f"{address}: its heading is not on the first screen")
    assert wrong == []
    assert len(seen) > PAGES_AT_LEAST


def pages_for(client: Client, world: World, *, language: str) -> set[str]:
    """The pages of the office that open for somebody."""
    found = set()
    for place in addresses():
        if place.text.startswith("/{language}/office/"):
            address = place.at(world).replace("/fr/", f"/{language}/", 1)
            answer = client.get(address)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                found.add(address)
            answer.close()
    return found
