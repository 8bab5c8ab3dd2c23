"""Money goes back by two people, cases are seen to, messages looked at: on a telephone and at a desk; and the pictures.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_refunds_of_the_office.py` renews the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.cases.models import Case
from bawabati.cases.writes import open_case
from bawabati.companies.models import Company
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.notices.models import Notice, PayerPhone
from bawabati.notices.rules import NoticeState
from bawabati.notices.writes import note_not_sent
from bawabati.payments.models import Payment, Refund
from bawabati.receipts.models import Receipt
from bawabati.workdays import accounting_day
from browser.pictures import keep_picture
from browser.walking import barriers, overflow
from money_back import paid_payment, person
from outside import Outside
from people import NADIA, SALIMA, add_arrears, add_company
from programs import Program
from staff import sign_in_browser


@pytest.fixture
def company(outside: Outside, database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """Its gateway is the sandbox."""
    company = add_company(gateway_url=outside.url)
    company.offers_other_bills = True
    company.save()
    return company


@pytest.fixture
def payment(outside: Outside, company: Company) -> Payment:
    """Of two bills, this morning."""
    now = timezone.now() - timedelta(hours=3)
    return paid_payment(outside, company, *add_arrears(company, 1_430_50, 912_00), now=now)


@pytest.fixture
def cases(company: Company) -> list[Case]:
    """Some of each kind, one of them overdue."""
    today = accounting_day(timezone.now())
    return [
        open_case(
            company_id=company.id,
            kind=kind,
            reference=f"payment:{number}",
            amount=Money(centimes),
            owner_id=person(SALIMA).id,
            promised_on=today + timedelta(days=days),
            details={"payer_chose": "card"} if kind == "surplus" else {},
            now=timezone.now() - timedelta(days=5),
        )
        for number, (kind, centimes, days) in enumerate(
            (
                ("surplus", 1_430_50, -1),
                ("taken_back", 912_00, 2),
                ("sale_review", 25_000_00, 1),
                ("mismatch", 50_00, 4),
            )
        )
    ]


def look(page: Page, name: str, *, kept: str = "") -> None:
    """Nobody is kept out; `kept`: the picture's name, at a desk alone."""
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name
    if kept and page.evaluate("innerWidth") > 360:
        keep_picture(page, kept)


@pytest.mark.parametrize(("language", "width"), [("ar", 1280), ("fr", 360), ("fr", 1280), ("ar", 360)])
def test_money_goes_back_by_two_people(
    portal: Program, new_page: Callable[..., Page], payment: Payment, language: str, width: int
) -> None:
    page = new_page(width=width, language=language)
    office = f"{portal.url}/{language}/office"
    sign_in_browser(page, portal.url, person(SALIMA))
    page.goto(f"{office}/refunds/ask/")
    look(page, "seek")
    page.fill("#number", payment.order_number)
    page.locator("#number").press("Enter")
    expect(page.locator("#because")).to_be_visible()
    assert page.locator("#amount").is_hidden(), "each bill has its own amount"
    page.locator("[name=reason][value=goodwill]").check()
    expect(page.locator("#amount")).to_be_visible()
    page.locator("[name=reason][value=bill_due_again]").check()
    page.locator(".parts input").last.fill("300")
    page.fill("#because", "Payé pour la mauvaise maison")
    look(page, "ask", kept=f"refund-ask-{language}")
    page.locator("form.paper button[type=submit]").click()
    expect(page.locator(".happened li")).to_have_count(1)
    look(page, "asked")

    refund = Refund.objects.get()
    sign_in_browser(page, portal.url, person(NADIA))
    page.goto(f"{office}/refunds/")
    look(page, "list")
    page.locator("table.list a").first.click()
    page.locator("a.button.act").click()
    look(page, "approve", kept=f"refund-approve-{language}")
    page.locator("section.paper button[type=submit]").click()
    expect(page.locator(".happened li")).to_have_count(2)
    look(page, "approved")
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by) == ("approved", person(NADIA))
    page.goto(f"{portal.url}/{language}/r/{link_token(Purpose.RECEIPT, Receipt.objects.get().id)}/")
    look(page, "the payer's receipt")
    expect(page.locator("p.note").first).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("ar", 1280), ("fr", 360)])
def test_a_case_is_seen_to_and_a_message_leaves_again(
    portal: Program,
    new_page: Callable[..., Page],
    payment: Payment,
    cases: list[Case],
    language: str,
    width: int,
) -> None:
    page = new_page(width=width, language=language)
    office = f"{portal.url}/{language}/office"
    sign_in_browser(page, portal.url, person(SALIMA))
    page.goto(f"{office}/cases/")
    expect(page.locator("table.list tbody tr")).to_have_count(len(cases))
    look(page, "cases", kept=f"cases-{language}")
    page.locator("table.list a").first.press("Enter")
    page.fill("#comment", "Appelé le client : il préfère la carte.")
    page.locator("#comment").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".happened li")).to_have_count(2)
    page.locator(".page details summary").last.press("Enter")
    page.locator(".page details[open]:not(.menu) button").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    look(page, "refused")
    page.locator(".page details[open]:not(.menu) select").select_option("settled_with_customer")
    page.locator(".page details[open]:not(.menu) textarea").fill("Il garde le crédit.")
    page.locator(".page details[open]:not(.menu) button").click()
    expect(page.locator(".happened li")).to_have_count(3)
    look(page, "closed", kept=f"case-{language}")
    page.goto(f"{office}/cases/credit/")
    look(page, "credit")

    notice = Notice.objects.get(reference=f"receipt:{Receipt.objects.get(payment=payment).id}")
    note_not_sent(notice, state=NoticeState.REJECTED, reason="550 no such mailbox", next_try_at=None)
    page.goto(f"{office}/notices/")
    look(page, "messages")
    page.locator("table.list a").first.click()
    look(page, "message")
    page.locator("form[action*=again] button").click()
    expect(page.locator("form[action*=again]")).to_have_count(0)
    notice.refresh_from_db()
    assert notice.state == NoticeState.WAITING


@pytest.mark.parametrize("javascript", [True, False])
def test_a_payer_leaves_a_number_and_has_it_forgotten(
    start_portal: Callable[..., Program],
    new_page: Callable[..., Page],
    payment: Payment,
    outside: Outside,
    javascript: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    portal = start_portal(BAWABATI_SMS_URL=f"{outside.url}/sms/messages", BAWABATI_SMS_KEY="key")
    page = new_page(language="ar", javascript=javascript)
    receipt = Receipt.objects.get(payment=payment)
    page.goto(f"{portal.url}/ar/r/{link_token(Purpose.RECEIPT, receipt.id)}/")
    page.fill("#phone", "12")
    page.locator("#sms button").click()
    expect(page.locator("#phone-error")).to_be_visible()
    assert page.input_value("#phone") == "12"
    if javascript:
        look(page, "wrong number")
    page.fill("#phone", "0551 23 45 67")
    page.locator("#sms button").click()
    expect(page.locator("#sms [role=status]")).to_be_visible()
    assert PayerPhone.objects.get().phone == "+213551234567"
    assert "551234567" not in page.content()
    if javascript:
        look(page, "number left")
    page.locator("#sms button").click()
    expect(page.locator("#phone")).to_be_visible()
    assert not PayerPhone.objects.exists()
