"""The communication officer makes a campaign, looks at its poster's code and at what it brought: in a real browser.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_campaigns.py` renews the pictures of the guides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company
from bawabati.flows.count_steps import count_steps
from bawabati.people.rules import Role
from browser.pictures import keep_picture
from browser.walking import Walk, barriers, overflow
from staff import add_agency, add_person, sign_in_browser

if TYPE_CHECKING:
    from programs import Program

NAMES = {"ar": "انطلاق الدفع بالبطاقة", "fr": "Lancement du paiement par carte"}


def look(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name
    keep_picture(page, f"{name}-{page.locator('html').get_attribute('lang')}")


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_a_campaign_from_its_form_to_what_it_brought(
    walk: Callable[..., Walk], portal: Program, company: Company, language: str, width: int
) -> None:
    visitor = walk(language=language, width=width)
    page = visitor.page
    for code in ("AG01", "AG02", "AG03"):
        add_agency(company, code)
    meriem = add_person("meriem@oran.example", Role.COMMUNICATION, company=company, name="Meriem")
    sign_in_browser(page, portal.url, meriem)
    page.goto(f"{portal.url}/{language}/office/campaigns/add/")
    page.locator("main form button.act").click()
    expect(page.locator("#name")).to_be_focused()
    page.locator("#name").fill(NAMES[language])
    page.locator("#begins").fill((timezone.localdate() - timedelta(days=2)).isoformat())
    for medium in ("press", "radio"):
        page.locator(f"input[value={medium}]").check()
    page.locator("input[name=every_agency]").check()
    look(page, "campaign-form")
    page.locator("main form button.act").click()
    expect(page.locator("h1")).to_contain_text(NAMES[language])
    come_by(company)
    page.reload()
    look(page, "campaign")
    page.locator("table a.code").nth(1).click()
    expect(page.locator(".short-address")).to_contain_text("/k/")
    look(page, "campaign-code")
    address = page.locator(".short-address").inner_text().strip()
    page.goto(f"http://{address.replace('127.0.0.1:8000', portal.url.partition('://')[2])}")
    expect(page.locator("#number")).to_be_visible()
    assert f"?c={CampaignCode.objects.get(medium='radio').code}" in page.url


def come_by(company: Company) -> None:
    """Three days of visits, many by the radio, few by one of the posters."""
    campaign = Campaign.objects.get()
    counts = dict(zip(CampaignCode.objects.filter(campaign=campaign).order_by("id"), (9, 40, 2, 14, 11), strict=True))
    for ago in range(3):
        for row, count in counts.items():
            for visit in range(count - ago):
                steps = [Step.VISIT] if visit % 3 else [Step.VISIT, Step.LOOK_UP, Step.FOUND]
                now = timezone.now() - timedelta(days=ago)
                count_steps(company_id=company.id, steps=steps, code=row.code, now=now)
