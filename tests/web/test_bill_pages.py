"""The bill, and a page for each reason why it cannot be paid."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from outside import Outside
from payers import Payer, links, words
from people import AMINAS_CARD, NOON, YACINES_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")


def show(payer: Payer, bill: Bill) -> str:
    return words(payer.get(payer.bill_address(bill)))


def test_the_bill_shows_what_a_payer_has_to_know_and_no_name(bill: Bill) -> None:
    page = show(Payer(language="en"), bill)
    for shown in ("A. B.", "third quarter of 2026", "05/12/2026", "Eau 953.66", "Assainissement 476.84", "1,430.50",
                  "22/11/2026 12:00", "stamp duty", "15.00"):  # fmt: skip
        assert shown in page.replace("\u00a0", " "), shown
    assert "Amina" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["cancelled", "replaced"])
def test_a_bill_taken_back_has_its_own_page(company: Company, language: str, status: str) -> None:
    newer = add_bill(company, seed=2)
    bill = add_bill(company, seed=1, status=status, replaced_by=newer.payment_number if status == "replaced" else "")
    payer = Payer(language=language)
    page = payer.get(payer.bill_address(bill))
    assert page.status_code == 200
    assert not any(address.endswith("/pay/") and "/bill/" in address for address in links(page))
    leads_on = [address for address in links(page) if "/bill/" in address and address.startswith(f"/{language}/oran")]
    assert len(leads_on) == (status == "replaced")
    if leads_on:
        assert newer.payment_number in words(payer.get(leads_on[0]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("due_centimes", [49_99, 200_000_01])
def test_too_small_and_too_large_say_what_to_do(
    company: Company,
    language: str,
    due_centimes: int,
) -> None:
    payer = Payer(language=language)
    page = payer.get(payer.bill_address(add_bill(company, due_centimes=due_centimes)))
    assert f"/{language}/oran/agencies/" in links(page)
    assert not any(address.endswith("/pay/") and "/bill/" in address for address in links(page))


def test_a_closed_company_says_so(payer: Payer, bill: Bill) -> None:
    address = payer.bill_address(bill)
    Company.objects.update(is_open=False)
    assert "متوقف حاليًا" in words(payer.get(address))


def test_a_paid_bill_says_only_that_it_is_paid_and_when(payer: Payer, bill: Bill) -> None:
    bill.settled_centimes, bill.settled_at = bill.due_centimes, NOON
    bill.save()
    page = show(payer, bill)
    assert "هذه الفاتورة مدفوعة" in page
    assert "22/11/2026 12:00" in page
    for kept in ("1 430,50", "A. B.", bill.bill_number, bill.payment_number):
        assert kept not in page.replace("\u00a0", " ")


def test_a_bill_link_ends_after_half_an_hour(payer: Payer, bill: Bill, monkeypatch: pytest.MonkeyPatch) -> None:
    address = payer.bill_address(bill)
    later = timezone.now().timestamp() + timedelta(minutes=31).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    page = payer.get(address)
    assert page.status_code == 410
    assert "/ar/oran/pay/" in links(page)


def test_a_bill_link_opens_nothing_at_another_company(payer: Payer, bill: Bill) -> None:
    add_company("tafna", user_name="SAT2")
    address = payer.bill_address(bill)
    assert payer.get(address.replace("/oran/", "/tafna/")).status_code == 404
    assert payer.get(address[:-2] + "x/").status_code == 404


def test_another_payer_is_asked_to_wait_and_told_since_when(payer: Payer, open_bill: Bill) -> None:
    payer.start(open_bill)
    karim = Payer()
    page = karim.get(karim.bill_address(open_bill))
    assert "توجد عملية دفع جارية" in words(page)
    assert page.headers["Refresh"].startswith("30; url=/ar/oran/bill/")
    assert not any("/payment/" in address for address in links(page))


def test_the_same_browser_may_go_on_with_its_own_payment(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill)
    assert attempt in links(payer.get(payer.bill_address(open_bill)))


def test_looking_at_a_held_bill_asks_the_bank_and_frees_it_when_it_failed(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    from bawabati.payments.models import Payment  # noqa: PLC0415 - settings first

    payer.start(open_bill)
    outside.pay(str(Payment.objects.get().gateway_reference), YACINES_CARD)
    karim = Payer()
    assert any(
        "/bill/" in address and address.endswith("/pay/") for address in links(karim.get(karim.bill_address(open_bill)))
    )


def test_looking_at_a_held_bill_shows_that_it_has_just_been_paid(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    from bawabati.payments.models import Payment  # noqa: PLC0415 - settings first

    payer.start(open_bill)
    outside.pay(str(Payment.objects.get().gateway_reference), AMINAS_CARD)
    assert "هذه الفاتورة مدفوعة" in show(Payer(), open_bill)
