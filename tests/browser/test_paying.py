"""Paying a bill in a real browser of a phone's width, in Arabic and French, as it goes well and as it does not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bawabati.bills.models import Bill
from bawabati.payments.models import Payment
from browser.walking import AT_THE_RECEIPT, ON_THE_WAY, Walk, overflow
from outside import Outside
from people import AMINAS_CARD, KARIMS_CARD, YACINES_CARD
from programs import Program, running

WALKED = ("ar", "fr")
SOON_SECONDS = 30


@pytest.mark.parametrize("language", WALKED)
def test_amina_pays_on_her_phone_and_holds_the_receipt(
    walk: Callable[..., Walk], bill: Bill, language: str, tmp_path: Path
) -> None:
    amina = walk(language=language)
    for step in amina.steps_to_the_receipt(bill, AMINAS_CARD):
        assert overflow(amina.page) <= 0, step
    for name, start in (("pdf", b"%PDF-"), ("png", b"\x89PNG")):
        with amina.page.expect_download() as download:
            amina.page.locator(f"a[href$='receipt.{name}']").click()
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    told = {"ar": "في طريقها", "fr": "en route"}
    amina.page.locator("#address").fill("amina@example.dz")
    amina.page.locator("#email button.quiet").click()
    expect(amina.page.locator("#email [role=status]")).to_contain_text(told[language])


@pytest.mark.usefixtures("worker")
def test_the_receipt_that_was_asked_for_arrives_with_its_pdf(
    walk: Callable[..., Walk], bill: Bill, outside: Outside
) -> None:
    amina = walk()
    for _ in amina.steps_to_the_receipt(bill, AMINAS_CARD):
        pass
    mail = wait_for(lambda: outside.mails("amina@example.dz"))[0]
    assert [attachment["name"][-4:] for attachment in mail["attachments"]] == [".pdf"]


@pytest.mark.parametrize("language", WALKED)
def test_an_empty_account_is_explained_and_another_card_pays(
    walk: Callable[..., Walk], bill: Bill, language: str
) -> None:
    yacine = walk(language=language)
    yacine.to_the_bank(bill)
    yacine.give_card(YACINES_CARD)
    if yacine.page.locator("#passwordEdit").count():
        yacine.give_code()
    expect(yacine.page).to_have_url(ON_THE_WAY)
    assert {"ar": "غير كافٍ", "fr": "insuffisant"}[language] in yacine.text()
    assert overflow(yacine.page) <= 0
    yacine.page.locator("a.button").click()
    yacine.go_on()
    yacine.confirm()
    yacine.leave()
    yacine.give_card(AMINAS_CARD)
    yacine.give_code()
    expect(yacine.page).to_have_url(AT_THE_RECEIPT)


@pytest.mark.parametrize("language", WALKED)
def test_three_wrong_codes_end_the_payment_and_say_what_happened(
    walk: Callable[..., Walk], bill: Bill, language: str
) -> None:
    amina = walk(language=language)
    amina.to_the_bank(bill)
    amina.give_card(AMINAS_CARD)
    for _ in range(3):
        amina.give_code("000000")
    expect(amina.page).to_have_url(ON_THE_WAY)
    assert {"ar": "رموز خاطئة", "fr": "codes erronés"}[language] in amina.text()


@pytest.mark.parametrize("language", WALKED)
def test_cancelling_at_the_bank_frees_the_bill_at_once(walk: Callable[..., Walk], bill: Bill, language: str) -> None:
    amina = walk(language=language)
    amina.to_the_bank(bill)
    amina.page.locator("[name=cancel]").click()
    expect(amina.page).to_have_url(ON_THE_WAY)
    assert {"ar": "ألغيتم", "fr": "Vous avez annulé"}[language] in amina.text()
    amina.page.locator("a.button").click()
    amina.go_on()


def test_a_card_page_that_is_over_leaves_the_bill_to_be_paid(
    walk: Callable[..., Walk], bill: Bill, outside: Outside
) -> None:
    amina = walk()
    amina.to_the_bank(bill)
    outside.advance(11 * 60)
    amina.give_card(AMINAS_CARD)
    karim = walk()
    karim.arrive()
    karim.find(bill)  # our server asks the bank at this moment
    karim.go_on()


def test_closing_the_browser_after_the_code_loses_nothing(
    start_portal: Callable[..., Program],
    settings_of_the_portal: dict[str, str],
    walk: Callable[..., Walk],
    bill: Bill,
    tmp_path: Path,
) -> None:
    hurried = {"BAWABATI_ASK_SCHEDULE": '{"first_asks": [1, 1], "ask_every": 1}', "BAWABATI_SWEEP_EVERY_SECONDS": "1"}
    portal = start_portal(**hurried)
    amina = walk(at=portal.url)
    amina.to_the_bank(bill)
    amina.give_card(AMINAS_CARD)
    amina.page.route(f"{portal.url}/**", lambda route: route.abort())  # the line breaks with the last tap
    amina.give_code()
    amina.page.close()
    settings = settings_of_the_portal | hurried | {"BAWABATI_PUBLIC_URL": portal.url}
    with running("worker", "-m", "bawabati.config.commands", "worker", settings=settings, state=tmp_path):
        wait_for(lambda: Payment.objects.filter(state="paid").exists())
    later = walk(at=portal.url)
    later.arrive()
    later.find(bill)
    assert "هذه الفاتورة مدفوعة" in later.text()


def test_a_second_payer_waits_and_then_sees_that_it_is_paid(walk: Callable[..., Walk], bill: Bill) -> None:
    amina, karim = walk(), walk(language="fr")
    amina.to_the_bank(bill)
    karim.arrive()
    karim.find(bill)
    assert "Un paiement de cette facture est en cours" in karim.text()
    amina.give_card(AMINAS_CARD)
    amina.give_code()
    expect(amina.page).to_have_url(AT_THE_RECEIPT)
    karim.page.reload()
    assert "Cette facture est payée" in karim.text()


def test_the_same_browser_goes_on_where_it_was(walk: Callable[..., Walk], bill: Bill) -> None:
    amina = walk()
    amina.to_the_bank(bill)
    amina.arrive()
    amina.find(bill)
    amina.page.locator("a.button").click()
    amina.leave()
    amina.give_card(KARIMS_CARD)
    amina.give_code()
    expect(amina.page).to_have_url(AT_THE_RECEIPT)


def test_without_scripts_everything_works(walk: Callable[..., Walk], bill: Bill) -> None:
    amina = walk(javascript=False)
    for step in amina.steps_to_the_receipt(bill, AMINAS_CARD):
        assert overflow(amina.page) <= 0, step
    assert Payment.objects.get().state == "paid"


def test_coming_back_too_early_waits_without_scripts_until_it_is_known(
    walk: Callable[..., Walk], bill: Bill, outside: Outside
) -> None:
    amina = walk(javascript=False)
    amina.to_the_bank(bill)
    payment = Payment.objects.get()
    amina.page.goto(f"{amina.portal}{way_back(amina)}")
    assert "قيد التحقق" in amina.text()
    outside.pay(str(payment.gateway_reference), AMINAS_CARD)
    expect(amina.page).to_have_url(AT_THE_RECEIPT, timeout=SOON_SECONDS * 1000)


def way_back(walk: Walk) -> str:
    """The address to which the bank sends this payer back."""
    from bawabati.links import Purpose, link_token  # noqa: PLC0415 - settings first

    return f"/{walk.language}/payment/{link_token(Purpose.ATTEMPT, Payment.objects.get().id)}/back/"


def test_pressing_back_after_paying_does_not_pay_again(walk: Callable[..., Walk], bill: Bill) -> None:
    amina = walk()
    for _ in amina.steps_to_the_receipt(bill, AMINAS_CARD):
        pass
    receipt = amina.page.url
    amina.page.goto(f"{amina.portal}{way_back(amina)}")
    expect(amina.page).to_have_url(receipt)
    assert Payment.objects.count() == 1
    assert re.search(r"[1-9]", amina.text())


def wait_for(answer: Callable[[], list[dict[str, list[dict[str, str]]]] | bool]):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """What `answer` gives as soon as it gives something."""
    deadline = time.monotonic() + SOON_SECONDS
    while not (found := answer()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert found
    return found
