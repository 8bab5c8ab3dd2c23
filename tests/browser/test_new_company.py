"""The pages by which a company joins, and where any payer starts, in a real browser: for everybody, of any width.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_new_company.py` renews the pictures of the guides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.companies.models import Agency, Company, CompanyHoliday
from bawabati.companies.rules import MINTED_FORMAT
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from people import add_bill, add_company
from programs import Program
from staff import add_agency, add_person, sign_in_browser

IN_GUIDES = frozenset({"add-company", "company-ready", "national-start"})
OFFICE = ("ready", "colours", "territory", "host", "calendar", "agencies/file", "gateway", "")
SIZES = [("ar", 360), ("fr", 1280), *([("ar", 1280), ("fr", 360)] if os.environ.get("PICTURES") else [])]
TELEPHONE = 360


@pytest.fixture
def leila(company: Company) -> Staff:  # noqa: ARG001 - one company is there
    """Works nationally, and so for the company that has just begun."""
    begun = Company.objects.create(
        code="tafna",
        name_ar="مياه تافنة",
        name_fr="Eaux de la Tafna",
        name_en="Tafna Water",
        email="clients@tafna.example",
        number_format=MINTED_FORMAT.to_json(),
        wilayas=["13", "46"],
        colour="#7a1f5c",
        band_colour="#ffd166",
        is_open=False,
        created_at=timezone.now(),
    )
    add_agency(begun)
    day = timezone.localdate() + timedelta(days=30)
    CompanyHoliday.objects.create(company=begun, day=day, name="عيد التأسيس")
    return add_person("leila@nation.example", Role.ADMINISTRATOR, Role.COORDINATOR, name="Leila")


def look(page: Page, name: str, *, width: int) -> None:
    """Everybody can use it; what the guides show is kept as a picture."""
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name
    if folder := os.environ.get("LOOK"):
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=Path(folder) / f"{name.replace('/', '-')}-{language}-{width}.png", full_page=True)
    if name in IN_GUIDES and width > TELEPHONE:
        keep_picture(page, f"{name}-{page.locator('html').get_attribute('lang')}")


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_the_pages_of_joining_keep_nobody_out(
    portal: Program, new_page: Callable[..., Page], leila: Staff, language: str, width: int
) -> None:
    page = new_page(width=width, language=language)
    tafna = Company.objects.get(code="tafna")
    sign_in_browser(page, portal.url, leila, agency=Agency.objects.get(company=tafna))
    page.goto(f"{portal.url}/{language}/office/companies/add/")
    look(page, "add-company", width=width)
    page.fill("#numbers", "12345678901234\n123")
    page.click("button[value=try]:visible")
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    look(page, "add-company-tried", width=width)
    for part in OFFICE:
        page.goto(f"{portal.url}/{language}/office/companies/{part}{'/' if part else ''}")
        if page.locator("[name=place]").count():
            page.check("[name=place] >> nth=-1")
            page.click("main form button[type=submit] >> nth=-1")
        look(page, f"company-{part or 'itself'}", width=width)
    page.goto(f"{portal.url}/{language}/office/texts/payment_terms/")
    look(page, "proposal", width=width)
    page.goto(f"{portal.url}/{language}/office/nation/")
    look(page, "nation", width=width)


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_the_first_page_of_the_country_keeps_nobody_out(
    portal: Program, new_page: Callable[..., Page], company: Company, language: str, width: int
) -> None:
    other = add_company("tafna", user_name="SAT2")
    Company.objects.filter(id=other.id).update(
        name_ar="مياه تافنة", name_fr="Eaux de la Tafna", wilayas=["13", "46"], colour="#7a1f5c", band_colour="#ffd166"
    )
    Company.objects.filter(id=company.id).update(wilayas=["31"])
    page = new_page(width=width, language=language)
    page.goto(f"{portal.url}/{language}/")
    look(page, "national-start", width=width)
    page.fill("#q", "تلمسان")
    page.click("form.seek button")
    expect(page.locator("main .choices a")).to_have_count(1)
    look(page, "national-found", width=width)
    page.goto(f"{portal.url}/{language}/")
    page.fill("#number", add_bill(company).payment_number)
    page.click("main form button[type=submit] >> nth=0")
    expect(page.locator("main .choices button")).to_have_count(2)
    look(page, "which-company", width=width)
    page.locator("main .choices button").first.click()
    expect(page).to_have_url(re.compile("/bill/"))
    page.goto(f"{portal.url}/{language}/tafna/")
    look(page, "own-colours", width=width)
