"""On the page of the receipt: a mobile number for this payment alone, and how money that goes back stands."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_reversal
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.notices.models import Notice, PayerPhone
from bawabati.notices.rules import Means
from bawabati.payments.models import Payment
from bawabati.receipts.models import Receipt
from money_back import PHONE, asked, left_to_a_person, paid_payment
from outside import Outside
from payers import Payer, solved, words
from people import NADIA, SALIMA

pytestmark = pytest.mark.usefixtures("collected")


@pytest.fixture
def paid(outside: Outside, open_company: Company, open_bill: Bill) -> Payment:
    return paid_payment(outside, open_company, open_bill)


@pytest.fixture
def sending(settings: LazySettings) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/"


def receipt_page(payment: Payment, part: str = "") -> str:
    return f"/en/r/{link_token(Purpose.RECEIPT, Receipt.objects.get(payment=payment).id)}/{part}"


def test_without_a_provider_no_number_is_asked_for(payer: Payer, paid: Payment) -> None:
    assert 'name="phone"' not in payer.get(receipt_page(paid)).content.decode()
    answer = payer.client.post(receipt_page(paid, "sms/"), {"phone": PHONE})
    assert answer.status_code == 422
    assert not PayerPhone.objects.exists()


@pytest.mark.usefixtures("sending")
def test_a_number_is_left_shown_masked_and_forgotten(payer: Payer, paid: Payment) -> None:
    answer = payer.client.post(receipt_page(paid, "sms/"), {"phone": "0551 23 45 67"})
    assert answer.headers["Location"] == receipt_page(paid) + "#sms"
    page = payer.get(receipt_page(paid))
    assert "+213 … 67" in words(page)
    assert "551234567" not in page.content.decode()
    notice = Notice.objects.get(means=Means.SMS)
    assert (notice.kind, notice.language, notice.address_row.address) == ("receipt", "en", PHONE)  # type: ignore[attr-defined]
    assert payer.get(receipt_page(paid, "sms/")).status_code == 302
    payer.client.post(receipt_page(paid, "sms/forget/"))
    assert not PayerPhone.objects.exists()
    assert 'name="phone"' in payer.get(receipt_page(paid)).content.decode()


@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the mobile number to which SMS should go."),
        ("041 00 00 00", "This is not an Algerian mobile number."),
        ("+33 6 12 34 56 78", "This is not an Algerian mobile number."),
        ("6280581110007215", "This is not an Algerian mobile number."),
    ],
)
def test_what_is_no_number_is_said(payer: Payer, paid: Payment, typed: str, sentence: str) -> None:
    answer = payer.client.post(receipt_page(paid, "sms/"), {"phone": typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "6280581110007215" not in answer.content.decode()


@pytest.mark.usefixtures("sending")
def test_many_numbers_need_the_captcha_and_are_then_refused(payer: Payer, paid: Payment) -> None:
    """Nobody has us write to a whole town at the company's cost."""
    answers = [payer.client.post(receipt_page(paid, "sms/"), {"phone": f"055123450{number}"}) for number in range(4)]
    asked_for = answers[-1]
    assert asked_for.status_code == 429
    if 'data-challenge="' in asked_for.content.decode():
        payer.client.post(receipt_page(paid, "sms/"), {"phone": "0551234509"} | solved(asked_for))
    assert Notice.objects.filter(means=Means.SMS).count() <= 4


def test_each_standing_of_a_refund_has_honest_words(payer: Payer, paid: Payment, outside: Outside) -> None:
    now = timezone.now()
    refuse_refund(refund_id=asked(paid, 100_00, now=now).id, because="no", login=NADIA, now=now)
    assert "not to give back 100.00 DA of this payment" in words(payer.get(receipt_page(paid)))
    left_to_a_person(outside, paid)
    seen = words(payer.get(receipt_page(paid)))
    assert "takes longer than usual: a person of the company sees to it by" in seen
    assert "on their way back" not in seen


def test_what_others_took_back_is_said_once_it_is_written_down(payer: Payer, paid: Payment, outside: Outside) -> None:
    now = timezone.now()
    outside.give_back(paid.gateway_reference or "", 200_00)
    reversal = ask_reversal(payment_id=paid.id, amount=Money(200_00), because="dispute", login=SALIMA, now=now)
    assert "200.00" not in words(payer.get(receipt_page(paid)))
    approve_refund(refund_id=reversal.id, login=NADIA, now=now)
    assert "has taken back 200.00 DA of this payment" in words(payer.get(receipt_page(paid)))
