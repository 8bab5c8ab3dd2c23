"""Defects of the payer's door that a review proved, each with the proof that it is gone."""

import pytest

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.config.logging import redacted
from bawabati.guard.models import SpentChallenge
from bawabati.payments.models import Payment, PaymentContact
from outside import Outside
from payers import FormClient, Payer, solved, words
from people import AMINAS_CARD, NOON, add_bill

pytestmark = pytest.mark.usefixtures("collected")


@pytest.mark.parametrize("between", ["/", "_", "-", ".", " "])
def test_a_card_number_in_a_path_reaches_no_log(between: str) -> None:
    pieces = ("6280", "5811", "1000", "7215")
    assert "7215" not in redacted(f"/ar/{between.join(pieces)}/")


@pytest.mark.parametrize(
    "address", ["6280+5811+1000+7215@x.dz", "62805811-1000--7215@x.dz", "6280.5811.1000.7215@x.dz"]
)
def test_a_card_number_is_not_taken_for_an_address(payer: Payer, open_bill: Bill, address: str) -> None:
    page = payer.confirm(payer.review_address(open_bill), email=address)
    assert page.status_code == 422
    assert address not in page.content.decode()
    assert not PaymentContact.objects.exists()


@pytest.mark.parametrize("typed", ["6280+5811+1000+7215", "6280|5811|1000|7215", "6280x5811x1000x7215"])
def test_a_card_number_is_not_given_back_whatever_stands_between(payer: Payer, company: Company, typed: str) -> None:
    assert typed not in payer.find(typed, company=company.code).content.decode()


def test_a_slip_of_the_finger_spends_no_captcha(payer: Payer, bill: Bill) -> None:
    for seed in range(6):
        payer.find(add_bill(bill.company, seed=50 + seed, status="withdrawn"))
    asked = payer.find(bill)
    answer = solved(asked)
    wrong = bill.payment_number[:-1] + str((int(bill.payment_number[-1]) + 1) % 10)
    assert payer.find(wrong, **answer).status_code == 422
    assert not SpentChallenge.objects.exists()
    assert payer.find(bill, **answer).status_code == 303


def test_a_file_is_no_form_of_ours(company: Company) -> None:
    page = FormClient().post(
        f"/ar/{company.code}/pay/", {"number": "1"}, content_type="multipart/form-data; boundary=BoUnDaRyStRiNg"
    )
    assert page.status_code == 400


def test_a_foreign_host_is_refused_on_every_page(company: Company) -> None:
    for address in ("/ar/", f"/ar/{company.code}/pay/", "/ar/staff/"):
        assert FormClient().get(address, headers={"Host": "evil.example"}).status_code == 400


def test_what_the_bank_took_and_gave_back_is_not_called_no_money(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    attempt = Payer(language="en").start(open_bill)
    reference = Payment.objects.get().gateway_reference
    assert reference is not None
    outside.pay(reference, AMINAS_CARD)
    outside.advance(25 * 60)
    payer.get(f"{attempt}back/")
    told = words(payer.get(attempt))
    assert "gave it back" in told
    assert "No money" not in told


def test_who_never_had_the_banks_page_is_not_told_of_leaving_it(open_bill: Bill, outside: Outside) -> None:
    payer = Payer(language="en")
    with outside.fault("close", call="register.do", effect=True, times=1):
        attempt = payer.start(open_bill)
    Payment.objects.update(register_sent_at=NOON)
    payer.get(f"{attempt}back/")
    told = words(payer.get(attempt))
    assert "could not be started" in told
    assert "You left" not in told
