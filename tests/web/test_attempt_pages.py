"""The way out to the bank and back, and a page for each standing. The bank is the sandbox."""

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.companies.models import GatewayAccount
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.refund_payment import refund_payment
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.rules import RefundReason
from clock import wait_for_room
from outside import Outside
from payers import Payer, links, words
from people import AMINAS_CARD, NADIA, SALIMA, YACINES_CARD, Card, add_bill, add_company

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")
BLOCKED = Card(number="6280581110006712", month="01", year="2027", cvv2="897")
LOST = Card(number="6280581110006316", month="01", year="2027", cvv2="657")
WRONG_CVV2 = Card(number="6280581110006514", month="01", year="2027", cvv2="205")
NOT_ONLINE = Card(number="6280581110007116", month="01", year="2027", cvv2="040")
REFUSED = {
    YACINES_CARD: {"ar": "رصيد حساب البطاقة غير كافٍ", "fr": "solde", "en": "not enough money"},
    BLOCKED: {"ar": "موقوفة مؤقتًا", "fr": "temporairement bloquée", "en": "blocked for the moment"},
    LOST: {"ar": "بضياعها أو سرقتها", "fr": "perdue ou volée", "en": "lost or stolen"},
    WRONG_CVV2: {"ar": "CVV2 غير صحيح", "fr": "CVV2 est incorrect", "en": "CVV2 code is not right"},
    NOT_ONLINE: {"ar": "عبر الإنترنت بهذه البطاقة", "fr": "ne peut pas payer en ligne", "en": "cannot pay online"},
}


def the_payment() -> Payment:
    return Payment.objects.get()


def pay(outside: Outside, card: Card) -> None:
    outside.pay(str(the_payment().gateway_reference), card)


def test_the_way_out_is_a_plain_link_and_the_bank_is_named(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    page = payer.get(payer.start(open_bill))
    assert the_payment().page_url in links(page)
    assert outside.url.partition("//")[2] in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_paid_comes_back_to_the_receipt(open_bill: Bill, outside: Outside, language: str) -> None:
    payer = Payer(language=language)
    attempt = payer.start(open_bill)
    pay(outside, AMINAS_CARD)
    led = payer.get(f"{attempt}back/?orderId=forged&lang=xx&status=refused")
    assert led.status_code == 303
    assert led.headers["Location"].startswith("/r/")
    assert payer.get(led.headers["Location"]).status_code == 200
    assert payer.get(attempt).headers["Location"] == led.headers["Location"]


def test_coming_back_twice_changes_nothing_more(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    from bawabati.receipts.models import Receipt  # noqa: PLC0415 - settings first

    attempt = payer.start(open_bill)
    pay(outside, AMINAS_CARD)
    led = {payer.get(f"{attempt}back/").headers["Location"] for _ in range(3)}
    assert len(led) == 1
    assert Receipt.objects.count() == 1


def test_after_an_hour_the_attempt_no_longer_leads_to_the_receipt(
    payer: Payer, open_bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[object]
) -> None:
    attempt = payer.start(open_bill)
    pay(outside, AMINAS_CARD)
    payer.get(f"{attempt}back/")
    with behind_the_scenes.transaction():
        # Nobody but the test can make a paid payment older than it is.
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute("UPDATE payments_payment SET confirmed_at = confirmed_at - interval '61 minutes'")
    page = payer.get(attempt)
    assert page.status_code == 200
    assert not any("/r/" in address for address in links(page))
    assert "تمت عملية الدفع" in words(page)
    assert "أُعيد" not in words(page)
    give_back()
    assert "أُعيد" in words(payer.get(attempt))


def give_back() -> None:
    """Two people give the only payment back."""
    refund = ask_refund(
        payment_id=Payment.objects.get().id,
        reason=RefundReason.GOODWILL,
        amount=Money(500_00),
        because="the water was off for a week",
        login=SALIMA,
        now=timezone.now(),
    )
    approve_refund(refund_id=refund.id, login=NADIA, now=timezone.now())
    refund_payment(refund_id=refund.id, now=timezone.now())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", REFUSED, ids=["funds", "blocked", "lost", "cvv2", "not_online"])
def test_a_refusal_says_why_and_what_to_do_and_no_number_of_the_order(
    open_bill: Bill,
    outside: Outside,
    language: str,
    card: Card,
) -> None:
    payer = Payer(language=language)
    attempt = payer.start(open_bill)
    pay(outside, card)
    led = payer.get(f"{attempt}back/not-paid/")
    assert (led.status_code, led.headers["Location"]) == (303, attempt)
    page = payer.get(attempt)
    seen = words(page).replace("\u00a0", " ").replace("’", "'")
    assert REFUSED[card][language] in seen
    assert {"ar": "1 430,50 دج", "fr": "1 430,50 DA", "en": "1,430.50 DA"}[language] in seen
    assert "3020" in seen
    assert language == "en" or "payment is" not in seen, "what the gateway says in English alone stays away"
    assert {"ar": "حتى الآن", "fr": "jusqu'à présent", "en": "so far"}[language] in seen
    assert the_payment().order_number not in page.content.decode()
    assert str(the_payment().gateway_reference) not in page.content.decode()
    again = next(address for address in links(page) if "/bill/" in address)
    assert any(address.endswith("/pay/") and "/bill/" in address for address in links(payer.get(again)))


def test_who_comes_back_without_having_paid_may_start_again_at_once(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    assert payer.get(f"{attempt}back/not-paid/").status_code == 303
    assert "لم تتم عملية الدفع" in words(payer.get(attempt))
    assert payer.start(open_bill) != attempt


def test_who_comes_back_too_early_sees_that_it_is_being_checked(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    page = payer.get(f"{attempt}back/")
    assert page.status_code == 200
    assert page.headers["Refresh"] == f"5; url={attempt}back/"
    assert "قيد التحقق" in words(page)
    assert the_payment().page_url in links(page)


@pytest.mark.parametrize("kind", ["html", "empty", "close", "status"])
def test_an_answer_that_cannot_be_read_is_being_checked(
    payer: Payer, open_bill: Bill, outside: Outside, kind: str
) -> None:
    attempt = payer.start(open_bill)
    with outside.fault(kind, call="public/acknowledgeTransaction.do"):
        page = payer.get(f"{attempt}back/not-paid/")
    assert page.status_code == 200
    assert "قيد التحقق" in words(page)


def test_a_fault_of_ours_is_being_checked_and_never_an_end(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    GatewayAccount.objects.update(password_sealed=b"cannot be opened")
    page = payer.get(f"{attempt}back/")
    assert page.status_code == 200
    assert "قيد التحقق" in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_for_the_banks_page_is_told_and_the_page_looks_again(
    open_bill: Bill,
    outside: Outside,
    language: str,
) -> None:
    payer = Payer(language=language)
    with outside.fault("close", call="register.do", effect=True, times=1):
        attempt = payer.start(open_bill)
    assert the_payment().state == "opened"
    page = payer.get(attempt)
    assert page.headers["Refresh"] == f"5; url={attempt}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_for_a_bank_that_is_silent_is_told_not_to_pay_again(
    open_bill: Bill,
    language: str,
) -> None:
    payer = Payer(language=language)
    attempt = payer.start(open_bill)
    Payment.objects.update(state="in_doubt")
    page = payer.get(attempt)
    assert page.headers["Refresh"] == f"5; url={attempt}back/"
    told = {"ar": "لا تدفعوا مرة ثانية", "fr": "Ne payez pas une seconde fois", "en": "Do not pay a second time"}
    assert told[language] in words(page)


def test_a_page_that_is_over_is_not_offered_any_more(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    Payment.objects.update(page_ends_at=timezone.now() - timedelta(seconds=1))
    page = payer.get(attempt)
    assert the_payment().page_url not in links(page)
    assert "قيد التحقق" in words(page)


@pytest.mark.parametrize("state", ["declined", "expired"])
def test_only_at_the_very_end_it_is_said_that_no_money_was_taken(payer: Payer, open_bill: Bill, state: str) -> None:
    attempt = payer.start(open_bill)
    Payment.objects.update(state="watched", response_code="51")
    Payment.objects.update(state=state, next_ask_at=None)
    seen = words(payer.get(attempt))
    assert "لم يُخصم أي مبلغ." in seen
    assert "حتى الآن" not in seen


@pytest.mark.usefixtures("database")
def test_a_gateway_that_is_away_is_said_with_the_hour_and_the_agencies(payer: Payer) -> None:
    bill = add_bill(add_company())
    for _ in range(6):  # enough for the breaker
        page = payer.get(payer.start(bill))
    seen = words(page)
    assert "تعذّر بدء عملية الدفع" in seen
    assert "لا تجيب منذ الساعة" in seen
    assert "/ar/oran/agencies/" in links(page)


def test_a_page_that_is_loaded_without_end_stops_asking_the_bank(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    attempt = payer.start(open_bill)
    wait_for_room()
    for _ in range(61):
        payer.get(f"{attempt}back/")
    asked = the_payment().asked_count
    payer.get(f"{attempt}back/")
    assert the_payment().asked_count == asked
    assert outside.order(str(the_payment().gateway_reference))


@pytest.mark.usefixtures("open_bill")
def test_a_forged_attempt_opens_nothing(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    for forged in (attempt[:-2] + ("A" if attempt[-2] != "A" else "B") + "/", f"/ar/payment/{'A' * 38}/"):
        for page in ("", "back/", "back/not-paid/"):
            assert payer.get(forged + page).status_code == 404
