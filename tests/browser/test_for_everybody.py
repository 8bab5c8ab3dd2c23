"""Nothing keeps anybody out: axe, no sideways scrolling, one picture of it all for the first page of the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company
from bawabati.links import Purpose, link_token
from bawabati.payments.models import Payment
from browser.walking import Walk, barriers, overflow
from people import AMINAS_CARD, YACINES_CARD, add_bill

OTHER_PAGES = ("agencies/", "contact/", "text/help/", "text/payment_terms/")
IN_THE_PICTURE = ("bill", "review", "card", "receipt")
MOST_BYTES_OF_THE_PICTURE = 150_000


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_page_keeps_anybody_out(
    walk: Callable[..., Walk], company: Company, bill: Bill, language: str, width: int
) -> None:
    Agency.objects.create(company=company, code="a", name_ar="أ", name_fr="A", commune_ar="وهران", commune_fr="Oran")
    visitor = walk(language=language, width=width)
    for step in visitor.steps_to_the_receipt(bill, AMINAS_CARD):
        if step != "card":
            look(visitor.page, step)
    for page in OTHER_PAGES:
        visitor.page.goto(f"{visitor.portal}/{language}/oran/{page}")
        look(visitor.page, page)
    visitor.page.goto(f"{visitor.portal}/{language}/nowhere/")
    look(visitor.page, "not found")
    visitor.arrive()
    visitor.page.locator("#number").fill("12")
    visitor.page.locator("form button:visible").last.click()
    look(visitor.page, "wrong number")
    for status, due in (("open", 10_00), ("open", 300_000_00), ("cancelled", 100_00)):
        visitor.arrive()
        visitor.find(add_bill(company, seed=due, due_centimes=due, status=status))
        look(visitor.page, status)
    held = add_bill(company, seed=9)
    visitor.to_the_bank(held)
    other = walk(language=language, width=width)
    other.arrive()
    other.find(held)
    look(other.page, "being paid")
    other.page.goto(f"{other.portal}{way_back(language)}")
    look(other.page, "being checked")
    visitor.give_card(YACINES_CARD)
    if visitor.page.locator("#passwordEdit").count():
        visitor.give_code()
    look(visitor.page, "refused")


def way_back(language: str) -> str:
    """Where the bank sends the payer of the newest attempt back."""
    return f"/{language}/payment/{link_token(Purpose.ATTEMPT, Payment.objects.latest('id').id)}/back/"


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


def test_dark_pages_are_readable_too(walk: Callable[..., Walk], bill: Bill) -> None:
    visitor = walk()
    visitor.page.emulate_media(color_scheme="dark")
    for step in visitor.steps_to_the_receipt(bill, AMINAS_CARD):
        if step != "card":
            assert barriers(visitor.page) == [], step


def test_a_payment_fits_into_one_picture(walk: Callable[..., Walk], bill: Bill, tmp_path: Path) -> None:
    """The README's picture. `PICTURES=docs/pictures make test ARGS=tests/browser/test_for_everybody.py` renews it."""
    amina = walk()
    seen = [phone(amina.page) for step in amina.steps_to_the_receipt(bill, AMINAS_CARD) if step in IN_THE_PICTURE]
    picture = Image.new("RGB", (sum(page.width for page in seen) + 20 * (len(seen) - 1), 780), "white")
    for place, page in enumerate(seen):
        picture.paste(page, (place * 380, 0))
    file = Path(os.environ.get("PICTURES") or tmp_path) / "pay-by-phone.png"
    picture.quantize(64).save(file, optimize=True)
    assert file.stat().st_size <= MOST_BYTES_OF_THE_PICTURE


def phone(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": 360, "height": 780})))
