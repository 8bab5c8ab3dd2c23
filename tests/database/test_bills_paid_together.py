"""Several bills in one payment, and a part of what is due: from the start to the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bawabati.bills.models import Bill
from bawabati.bills.rules import (
    AmountAboveCeiling,
    AmountBelowMinimum,
    BillChanged,
    BillNotPayable,
    PartsNotAllowed,
    TooLittleWouldRemain,
)
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_against_gateway, check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.find_bill import FoundBill, look_again
from bawabati.flows.send_notice import RECEIPT, Told
from bawabati.jobs.letters import letter
from bawabati.notices.rules import Means
from bawabati.payments.models import Hold, Payment, PaymentLine
from bawabati.payments.rules import State
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import Facts
from outside import Outside
from paying import start
from people import AMINAS_CARD, KARIMS_CARD, NOON, add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(minutes=1)
ARREARS = (1_000_00, 600_00, 1_430_50)


@pytest.fixture
def company(company: Company) -> Company:
    company.allows_part_payment = company.offers_other_bills = True
    company.save()
    return company


def found(company: Company, bill: Bill) -> FoundBill:
    return look_again(company=company, bill_id=bill.id, now=NOON)


def pay(outside: Outside, payment: Payment, card: Any = AMINAS_CARD) -> None:  # noqa: ANN401 - a card
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, card)
    assert confirm_payment(payment_id=payment.id, now=LATER) is State.PAID


def settled(*bills: Bill) -> list[int]:
    return [Bill.objects.get(id=bill.id).settled_centimes for bill in bills]


def test_one_payment_settles_every_bill_whole(outside: Outside, company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    payment = start(company, *bills)
    assert Hold.objects.count() == 3
    pay(outside, payment)
    assert settled(*bills) == list(ARREARS)
    assert not Hold.objects.exists()
    assert len(Receipt.objects.get().facts["lines"]) == 3
    assert check_books(now=LATER) == []
    assert check_against_gateway(since=NOON) == []


def test_a_part_settles_the_oldest_and_the_rest_stays_due(outside: Outside, company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    pay(outside, start(company, *bills[:2], amounts=[1_000_00, 200_00]))
    assert settled(*bills) == [1_000_00, 200_00, 0]
    assert [line["left_centimes"] for line in Receipt.objects.get().facts["lines"]] == [0, 400_00]
    assert check_books(now=LATER) == []
    bills[1].refresh_from_db()
    second = start(company, bills[1], key="the rest")
    assert second.amount_centimes == 400_00
    pay(outside, second, KARIMS_CARD)
    assert settled(*bills) == [1_000_00, 600_00, 0]
    assert check_books(now=LATER) == []


def test_a_bill_too_small_alone_goes_with_another_and_one_too_large_goes_in_part(company: Company) -> None:
    older, small = add_arrears(company, 100_00, 30_00)
    large = add_bill(company, seed=9, due_centimes=300_000_00)
    with pytest.raises(AmountBelowMinimum):
        start(company, small)
    with pytest.raises(AmountAboveCeiling):
        start(company, large)
    assert start(company, older, small).amount_centimes == 130_00
    assert start(company, large, amounts=[200_000_00], key="part").amount_centimes == 200_000_00


@pytest.mark.parametrize(
    ("amounts", "refusal"),
    [
        ([900_00, 600_00], BillChanged),
        ([200_00, 1_200_00], BillChanged),
        ([1_000_00, 580_00], TooLittleWouldRemain),
        ([20_00, 20_00], AmountBelowMinimum),
    ],
)
def test_what_the_rules_would_not_spread_so_is_not_started(
    company: Company, amounts: list[int], refusal: type[Exception]
) -> None:
    bills = add_arrears(company, *ARREARS)
    with pytest.raises(refusal):
        start(company, *bills[:2], amounts=amounts)
    assert not Payment.objects.exists()
    assert not Hold.objects.exists()


def test_parts_are_refused_where_the_company_takes_none(company: Company) -> None:
    (bill,) = add_arrears(company, 1_000_00)
    Company.objects.update(allows_part_payment=False)
    company.refresh_from_db()
    with pytest.raises(PartsNotAllowed):
        start(company, bill, amounts=[500_00])


@pytest.mark.parametrize("change", [{"version": 2}, {"due_centimes": 700_00}, {"settled_centimes": 100_00}])
def test_a_change_of_any_of_the_bills_is_confirmed_by_the_payer_first(company: Company, change: dict[str, int]) -> None:
    bills = add_arrears(company, *ARREARS)
    Bill.objects.filter(id=bills[1].id).update(**change)
    with pytest.raises(BillChanged):
        start(company, *bills)
    assert not Hold.objects.exists()


def test_bills_of_two_customers_do_not_go_together(company: Company) -> None:
    with pytest.raises(BillChanged):
        start(company, add_bill(company, seed=1), add_bill(company, seed=2))


def test_one_bill_that_is_being_paid_stops_the_whole_payment(company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    first = start(company, bills[1])
    with pytest.raises(BillNotPayable) as refusal:
        start(company, *bills, key="all")
    assert refusal.value.details["payment_id"] == first.id
    assert [hold.bill_id for hold in Hold.objects.all()] == [bills[1].id]
    assert [open_bill.bill_id for open_bill in found(company, bills[0]).open_bills] == [bills[0].id, bills[2].id]


def test_what_a_line_finds_settled_is_credit_while_the_others_settle(outside: Outside, company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    payment = start(company, *bills)
    Bill.objects.filter(id=bills[0].id).update(version=2, due_centimes=700_00)
    Bill.objects.filter(id=bills[2].id).update(version=2, due_centimes=2_000_00)
    pay(outside, payment)
    assert settled(*bills) == [700_00, 600_00, 1_430_50]
    lines = PaymentLine.objects.order_by("bill_id").values_list("settled_centimes", "surplus_centimes")
    assert list(lines) == [(700_00, 300_00), (600_00, 0), (1_430_50, 0)]
    assert Case.objects.get().amount_centimes == 300_00
    assert [line["left_centimes"] for line in Receipt.objects.get().facts["lines"]] == [0, 0, 569_50]
    assert check_books(now=LATER) == []


def test_a_cancelled_bill_leaves_its_money_as_credit_and_the_others_paid(outside: Outside, company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    payment = start(company, *bills)
    Bill.objects.filter(id=bills[1].id).update(version=2, status="cancelled")
    pay(outside, payment)
    assert settled(*bills) == [1_000_00, 0, 1_430_50]
    assert Case.objects.get().amount_centimes == 600_00
    assert [line["left_centimes"] for line in Receipt.objects.get().facts["lines"]] == [0, 0, 0]


def test_baskets_that_overlap_started_at_once_never_share_a_bill(
    company: Company, together: Callable[..., list[Any]]
) -> None:
    bills = add_arrears(company, 100_00, 200_00, 300_00, 400_00)
    baskets = [bills, bills[:2], bills[1:3], bills[2:], bills[:1], bills[3:]] * 2
    calls = [
        lambda place=place, basket=basket: start(company, *basket, key=f"{place}")
        for place, basket in enumerate(baskets)
    ]
    started = [one for one in together(*calls) if isinstance(one, Payment)]
    held = list(Hold.objects.values_list("bill_id", flat=True))
    assert started
    assert len(held) == len(set(held)) == PaymentLine.objects.count()
    assert Payment.objects.count() == len(started)


def test_one_form_pressed_sixteen_times_at_once_starts_one_payment_of_all(
    company: Company, together: Callable[..., list[Any]]
) -> None:
    bills = add_arrears(company, *ARREARS)
    started = together(*[lambda: start(company, *bills, key="one form")] * 16)
    assert len({payment.id for payment in started}) == 1
    assert PaymentLine.objects.count() == 3


def test_confirmed_sixteen_times_at_once_every_bill_is_settled_once(
    outside: Outside, company: Company, together: Callable[..., list[Any]]
) -> None:
    bills = add_arrears(company, *ARREARS)
    payment = start(company, *bills, amounts=[1_000_00, 600_00, 500_00])
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)
    assert together(*[lambda: confirm_payment(payment_id=payment.id, now=LATER)] * 16) == [State.PAID] * 16
    assert settled(*bills) == [1_000_00, 600_00, 500_00]
    assert Receipt.objects.count() == 1
    assert check_books(now=LATER) == []


def test_the_receipt_names_the_oldest_bill_first_in_whatever_order_they_came(
    outside: Outside, company: Company
) -> None:
    newer = add_bill(company, seed=1)
    older = add_bill(company, seed=2, quarters_ago=1, customer_number=newer.customer.number)
    pay(outside, start(company, older, newer))
    numbers = [line["payment_number"] for line in Receipt.objects.get().facts["lines"]]
    assert numbers == [older.payment_number, newer.payment_number]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_letter_names_every_bill_and_what_remained_or_was_too_much(
    outside: Outside, company: Company, language: str
) -> None:
    bills = add_arrears(company, *ARREARS)
    payment = start(company, *bills, amounts=[1_000_00, 600_00, 1_000_00])
    Bill.objects.filter(id=bills[0].id).update(version=2, due_centimes=700_00)
    pay(outside, payment)
    facts = replace(Facts.from_json(Receipt.objects.get().facts), language=language)
    told = Told(
        kind=RECEIPT,
        facts=facts,
        means=Means.EMAIL,
        language=language,
        company="SEOR",
        address="https://portal.example/r/",
        choose_by=date(2026, 12, 3),
    )
    text = letter(told).text.replace("\u00a0", " ")
    assert "03/12/2026" in text
    for bill in bills:
        assert bill.payment_number in text
    assert "430,50" in text or "430.50" in text
    assert "300,00" in text or "300.00" in text


# --- what is told of other bills ---


def test_only_what_the_company_offers_is_told_of_the_others(company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    assert [bill.bill_id for bill in found(company, bills[2]).open_bills] == [bill.id for bill in bills]
    assert [way.count for way in found(company, bills[2]).ways] == [1, 3]
    company.offers_other_bills = False
    assert [bill.bill_id for bill in found(company, bills[2]).open_bills] == [bills[2].id]


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"settled_centimes": 1_430_50}])
def test_a_bill_that_is_not_owed_tells_nothing_of_the_others(company: Company, change: dict[str, Any]) -> None:
    bills = add_arrears(company, *ARREARS)
    Bill.objects.filter(id=bills[2].id).update(**change)
    told = found(company, bills[2])
    assert (told.open_bills, told.ways) == ((), ())


def test_a_closed_company_offers_no_way(company: Company) -> None:
    bills = add_arrears(company, *ARREARS)
    company.is_open = False
    told = found(company, bills[2])
    assert (told.open_bills, told.ways) == ((), ())
