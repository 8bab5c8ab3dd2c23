"""An agreement to pay in instalments: its tranches are paid like bills, and its bills are what is paid."""

from datetime import timedelta

import pytest

from bawabati.bills.models import Agreement, Bill
from bawabati.bills.reads import facts_of, list_debts, list_tranches
from bawabati.bills.rules import AgreementState, BillNotPayable, Standing
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.mind_instalments import mind_instalments
from bawabati.payments.models import Hold, PaymentLine
from debtors import agree, left_of_bills, left_of_tranches, offer_instalments_at
from outside import Outside
from paying import ended, reference, start
from people import AMINAS_CARD, NOON, add_arrears, add_company

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def company(outside: Outside) -> Company:
    company = add_company(gateway_url=outside.url)
    offer_instalments_at(company)
    return company


@pytest.fixture
def bills(company: Company) -> list[Bill]:
    return add_arrears(company, 1_000_00, 2_000_00, 3_000_00)


def pay(outside: Outside, company: Company, *bills: Bill, key: str = "key") -> None:
    payment = start(company, *bills, key=key)
    outside.pay(reference(payment), AMINAS_CARD)
    assert ended(payment).state == "paid"


def state_of(agreement: Agreement) -> str:
    return Agreement.objects.get(id=agreement.id).state


def test_a_tranche_is_paid_like_a_bill_and_settles_the_oldest_bills(
    outside: Outside, company: Company, bills: list[Bill]
) -> None:
    agreement = agree(company, bills)
    assert left_of_tranches(agreement) == [3_000_00, 1_500_00, 1_500_00]
    first = list_tranches(agreement.id)[0]

    pay(outside, company, first)

    assert left_of_tranches(agreement) == [0, 1_500_00, 1_500_00]
    assert [facts_of(Bill.objects.get(id=bill.id)).left.centimes for bill in bills] == [0, 0, 3_000_00]
    assert {line.bill_id for line in PaymentLine.objects.all()} == {bills[0].id, bills[1].id}
    assert state_of(agreement) == AgreementState.RUNNING
    assert not list(check_books(now=NOON))


def test_everything_paid_ends_the_agreement(outside: Outside, company: Company, bills: list[Bill]) -> None:
    agreement = agree(company, bills)
    for tranche in list_tranches(agreement.id):
        pay(outside, company, tranche, key=f"key {tranche.id}")
    assert state_of(agreement) == AgreementState.DONE
    assert list_debts(agreement.customer_id) == []
    assert not Bill.objects.exclude(in_agreement=None).exists()
    assert not list(check_books(now=NOON))


def test_a_bill_of_an_agreement_is_not_paid_beside_it(company: Company, bills: list[Bill]) -> None:
    agree(company, bills)
    with pytest.raises(BillNotPayable) as refused:
        start(company, Bill.objects.get(id=bills[0].id))
    assert refused.value.details["standing"] is Standing.IN_INSTALMENTS


def test_while_one_tranche_is_being_paid_the_others_wait(company: Company, bills: list[Bill]) -> None:
    agreement = agree(company, bills)
    first, second, _ = list_tranches(agreement.id)
    start(company, first)
    assert Hold.objects.count() == 2
    with pytest.raises(BillNotPayable) as refused:
        start(company, second, key="another")
    assert refused.value.details["standing"] is Standing.BEING_PAID


def test_two_tranches_are_paid_at_once(outside: Outside, company: Company, bills: list[Bill]) -> None:
    agreement = agree(company, bills)
    pay(outside, company, *list_tranches(agreement.id)[:2])
    assert left_of_tranches(agreement) == [0, 0, 1_500_00]
    assert left_of_bills(agreement) == 1_500_00


def test_a_first_tranche_that_is_never_paid_frees_the_bills(company: Company, bills: list[Bill]) -> None:
    agreement = agree(company, bills)
    mind_instalments(agreement_id=agreement.id, now=NOON + timedelta(days=9))
    assert state_of(agreement) == AgreementState.AGREED
    mind_instalments(agreement_id=agreement.id, now=NOON + timedelta(days=40))
    assert state_of(agreement) == AgreementState.LAPSED
    assert [bill.id for bill in list_debts(agreement.customer_id)] == [bill.id for bill in bills]
    start(company, Bill.objects.get(id=bills[0].id))


def test_a_missed_tranche_makes_it_late_and_later_breaks_it(
    outside: Outside, company: Company, bills: list[Bill]
) -> None:
    agreement = agree(company, bills)
    pay(outside, company, list_tranches(agreement.id)[0])
    mind_instalments(agreement_id=agreement.id, now=NOON + timedelta(days=45))
    assert state_of(agreement) == AgreementState.LATE
    mind_instalments(agreement_id=agreement.id, now=NOON + timedelta(days=90))
    assert state_of(agreement) == AgreementState.BROKEN
    assert sum(facts_of(bill).left.centimes for bill in list_debts(agreement.customer_id)) == 3_000_00
    assert not list(check_books(now=NOON))
