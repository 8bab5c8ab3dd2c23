"""The director's board in a real browser: readable by everybody, at every width, in every language, with no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from bawabati.companies.models import Company
from bawabati.jobs.demo import past_weeks
from bawabati.people.models import Staff
from browser.pictures import keep_picture
from browser.walking import Walk, barriers, overflow
from past import prepare_past
from staff import sign_in_browser

WEEKS = 4
TALL = 1330
"""Of the picture: down to the end of the days."""


@pytest.fixture
def director(company: Company, monkeypatch: pytest.MonkeyPatch) -> Staff:
    monkeypatch.setattr(past_weeks, "WEEKS", WEEKS)
    prepare_past(company, weeks=WEEKS)
    call_command("demo_days", "--weeks")
    return Staff.objects.get(login="director@oran.example")


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name


def test_the_board_keeps_nobody_out_and_reads_from_either_side(walk: Callable[..., Walk], director: Staff) -> None:
    for language, width in (("ar", 360), ("fr", 1280), ("en", 360), ("ar", 1280), ("fr", 360)):
        visitor = walk(language=language, width=width)
        page, name = visitor.page, f"{language} {width}"
        sign_in_browser(page, visitor.portal, director)
        page.goto(f"{visitor.portal}/{language}/office/board/")
        look(page, name)
        first, last = (page.locator("#days g.was .bar").nth(at).bounding_box() for at in (0, -1))
        assert first is not None
        assert last is not None
        assert (first["x"] > last["x"]) is (language == "ar"), name
        assert page.locator("#days g.coming").count() == 7
        if width > 1000 or language == "ar":
            page.set_viewport_size({"width": width, "height": TALL})
            keep_picture(page, f"board-{'phone-' if width < 1000 else ''}{language}", whole=False)
        for summary in page.locator(".page summary:visible").all():
            summary.click()
        look(page, f"{name}, every table open")
        page.goto(f"{visitor.portal}/{language}/office/board/targets/")
        look(page, f"{name}, targets")
        if language == "fr" and width > 1000:
            keep_picture(page, "board-targets-fr", whole=False)


def test_a_period_is_chosen_and_a_target_set_with_the_keyboard_alone(
    walk: Callable[..., Walk], director: Staff
) -> None:
    visitor = walk(language="fr", width=1280)
    page = visitor.page
    sign_in_browser(page, visitor.portal, director)
    page.goto(f"{visitor.portal}/fr/office/board/")
    page.get_by_role("link", name="Depuis le lancement").press("Enter")
    expect(page.get_by_role("link", name="Depuis le lancement")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Fixer des objectifs").press("Enter")
    page.get_by_label("Combien viser").fill("50")
    page.locator("#from").fill("2026-11-01")
    page.locator("#to").fill("2026-12-31")
    page.get_by_role("button", name="Fixer l’objectif").press("Enter")
    expect(page.locator(".goals li")).to_have_count(3)
