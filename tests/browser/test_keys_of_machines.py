"""Keys of machines and addresses that are told: on a telephone and at a desk, from the right and from the left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.companies.models import Company
from bawabati.flows.deliver_events import lay_out_events
from bawabati.flows.keep_webhooks import add_endpoint
from bawabati.notices.models import Delivery
from bawabati.notices.rules import EventKind
from bawabati.notices.writes import Happened, note_failure, note_try, write_events
from bawabati.people.models import Staff
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from machines import Machine
from people import OMAR
from programs import Program
from staff import sign_in_browser


def look(page: Page, name: str, *, kept: str = "") -> None:
    """Nobody is kept out; `kept`: the picture's name, at a desk alone."""
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name
    if kept and page.evaluate("innerWidth") > 360:
        keep_picture(page, kept)


@pytest.mark.parametrize(("language", "width"), [("ar", 1280), ("fr", 360)])
def test_an_operator_makes_a_key_and_sees_what_was_told(
    portal: Program, new_page: Callable[..., Page], company: Company, language: str, width: int
) -> None:
    Machine.of(company, "channel", name="BNA mobile", channel="BNA")
    now, url = timezone.now(), "https://facturation.seor.example/bawabati/evenements"
    made = add_endpoint(company_id=company.id, url=url, kinds=list(EventKind), login=OMAR, now=now)
    body = {"accounted_on": "2026-11-22", "amount_centimes": 143050, "bills": []}
    happened = [Happened(kind, body) for kind in EventKind]
    write_events(company_id=company.id, happened=happened, now=now)
    lay_out_events(made.endpoint, now=now)
    for delivery in Delivery.objects.order_by("id"):
        note_try(delivery, status=503, reason="answered", milliseconds=120, now=now)
    made.endpoint.refresh_from_db()
    note_failure(made.endpoint, now=now)

    page = new_page(width=width, language=language)
    office = f"{portal.url}/{language}/office/keys"
    sign_in_browser(page, portal.url, Staff.objects.get(login=OMAR))
    page.goto(f"{office}/")
    look(page, "list", kept=f"keys-{language}")
    page.goto(f"{office}/make/")
    page.fill("#name", "GESTAB")
    page.locator("[name=scope]").first.check()
    look(page, "make")
    page.locator("form.paper button[type=submit]").click()
    expect(page.locator(".code-once")).to_contain_text("bwk_")
    look(page, "shown once")
    page.goto(f"{office}/webhooks/add/")
    look(page, "add")
    page.goto(f"{office}/webhooks/{made.endpoint.id}/")
    look(page, "endpoint", kept=f"webhook-{language}")
    page.locator("table.list a").first.click()
    page.locator(".page summary").click()
    look(page, "delivery")
