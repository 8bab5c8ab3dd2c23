"""The bill was replaced while it was being paid: the money goes on to the bill that replaces it, none is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from django.db import connections, transaction

from bawabati.bills.models import Bill, Customer
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.companies.rules import SurplusBecomes, mint_number
from bawabati.flows.check_books import check_books
from bawabati.flows.choose_surplus import NothingToChoose, SurplusChoice, choose_surplus
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.import_bills import import_bills
from bawabati.payments.models import CreditUse, Payment, Refund
from bawabati.payments.rules import State
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import start
from people import AMINAS_CARD, KARIMS_CARD, NOON, OMAR, add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(minutes=1)
DUE = 1_430_50
HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;replaced by;line:Eau"
NEW_NUMBER = mint_number(random=Random(97))


@pytest.fixture
def newer(company: Company, bill: Bill) -> Bill:
    """The bill that will replace the first, of the same customer."""
    return add_bill(company, seed=2, due_centimes=1_000_00, customer_number=bill.customer.number)


def replace(bill: Bill, newer: Bill) -> None:
    Bill.objects.filter(id=bill.id).update(version=2, status="replaced", replaced_by=newer.payment_number)


def pay(outside: Outside, payment: Payment, card: Any = AMINAS_CARD) -> Receipt:  # noqa: ANN401 - a card
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, card)
    assert confirm_payment(payment_id=payment.id, now=LATER) is State.PAID
    return Receipt.objects.get(payment=payment)


def settled(*bills: Bill) -> list[int]:
    return [Bill.objects.get(id=bill.id).settled_centimes for bill in bills]


def told(receipt: Receipt) -> list[tuple[int, int, str]]:
    return [(line["surplus_centimes"], line["moved_centimes"], line["moved_to"]) for line in receipt.facts["lines"]]


def test_the_money_goes_to_the_bill_that_replaces_it_and_the_rest_stays_credit(
    outside: Outside, company: Company, bill: Bill, newer: Bill
) -> None:
    payment = start(company, bill)
    replace(bill, newer)
    receipt = pay(outside, payment)
    assert settled(bill, newer) == [0, 1_000_00]
    assert told(receipt) == [(DUE, 1_000_00, newer.payment_number)]
    assert CreditUse.objects.get().amount_centimes == 1_000_00
    case = Case.objects.get(kind="surplus")
    assert (case.state, case.amount_centimes) == ("open", 430_50)
    assert check_books(now=LATER) == []


def test_a_replacing_bill_that_takes_all_of_it_leaves_nothing_to_see_to(
    outside: Outside, company: Company, bill: Bill
) -> None:
    newer = add_bill(company, seed=2, due_centimes=2_000_00, customer_number=bill.customer.number)
    payment = start(company, bill)
    replace(bill, newer)
    pay(outside, payment)
    assert settled(bill, newer) == [0, DUE]
    assert Case.objects.get(kind="surplus").state == "closed"
    with pytest.raises(NothingToChoose):
        choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=LATER)
    assert check_books(now=LATER) == []


@pytest.mark.parametrize("newer_is", ["cancelled", "paid", "being paid", "of another customer", "not there"])
def test_when_the_replacing_bill_cannot_take_it_all_of_it_stays_credit(
    outside: Outside, company: Company, bill: Bill, newer: Bill, newer_is: str
) -> None:
    payment = start(company, bill)
    replace(bill, newer)
    rows = Bill.objects.filter(id=newer.id)
    match newer_is:
        case "cancelled":
            rows.update(status="cancelled")
        case "paid":
            pay(outside, start(company, newer, key="karim"), KARIMS_CARD)
        case "being paid":
            start(company, newer, key="karim")
        case "of another customer":
            rows.update(customer=Customer.objects.create(company=company, number="C9", name="Karim"))
        case "not there":
            Bill.objects.filter(id=bill.id).update(replaced_by="nowhere")
    before = settled(newer)
    receipt = pay(outside, payment)
    assert settled(newer) == before
    assert told(receipt) == [(DUE, 0, "")]
    assert Case.objects.get(kind="surplus").amount_centimes == DUE
    assert check_books(now=LATER) == []


def test_of_several_bills_only_the_replaced_one_moves_even_to_another_of_them(
    outside: Outside, company: Company
) -> None:
    company.allows_part_payment = True
    company.save()
    bills = add_arrears(company, 1_000_00, 600_00, 2_000_00)
    payment = start(company, *bills, amounts=[1_000_00, 600_00, 500_00])
    replace(bills[0], bills[2])
    receipt = pay(outside, payment)
    assert settled(*bills) == [0, 600_00, 1_500_00]
    assert told(receipt) == [(1_000_00, 1_000_00, bills[2].payment_number), (0, 0, ""), (0, 0, "")]
    assert [line["left_centimes"] for line in receipt.facts["lines"]] == [0, 0, 500_00]
    assert check_books(now=LATER) == []


def test_a_company_that_keeps_no_surplus_asks_to_give_back_what_did_not_move(
    outside: Outside, company: Company, bill: Bill, newer: Bill
) -> None:
    company.surplus_becomes = SurplusBecomes.CARD
    company.save()
    payment = start(company, bill)
    replace(bill, newer)
    pay(outside, payment)
    assert Refund.objects.get().amount_centimes == 430_50
    assert check_books(now=LATER) == []


def test_the_payer_may_choose_for_what_did_not_move_and_for_no_more(
    outside: Outside, company: Company, bill: Bill, newer: Bill
) -> None:
    payment = start(company, bill)
    replace(bill, newer)
    pay(outside, payment)
    choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=LATER)
    assert Refund.objects.get().amount_centimes == 430_50
    assert check_books(now=LATER) == []


# --- at the same time as the file that replaces it ---


def importing(company: Company, path: Path, *bills: Bill, due: str) -> Callable[[], object]:
    """The file that replaces those bills by one new bill."""
    customer = bills[0].customer.number
    tail = "2026-T3;05/10/2026;05/12/2026"
    gone = f"{customer};A;{tail};0,00;replaced;{NEW_NUMBER};0,00"
    lines = [f"{bill.payment_number};{bill.bill_number};{gone}" for bill in bills]
    lines.append(f"{NEW_NUMBER};F-NEW;{customer};A;{tail};{due};;;{due}")
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    omar = Staff.objects.get(login=OMAR)
    return lambda: import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=LATER)


@pytest.mark.parametrize("place", range(4))
def test_the_file_that_replaces_the_bill_and_sixteen_confirmations_of_it_at_once(
    outside: Outside, company: Company, bill: Bill, together: Callable[..., list[Any]], tmp_path: Path, place: int
) -> None:
    payment = start(company, bill)
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)
    confirming = [lambda: confirm_payment(payment_id=payment.id, now=LATER)] * 15
    confirming.insert(place * 5, importing(company, tmp_path / "b.csv", bill, due="1000,00"))  # type: ignore[arg-type]
    answers = together(*confirming)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    newer = Bill.objects.get(payment_number=NEW_NUMBER)
    assert Receipt.objects.count() == 1
    assert check_books(now=LATER) == []
    # Whoever was first: confirmed before the file, the file made a credit of it; after the file, it went on.
    assert settled(bill) == [0]
    moved_on = told(Receipt.objects.get())[0][1]
    assert settled(newer) == [moved_on]
    assert moved_on in {0, 1_000_00}
    if not moved_on:
        assert Case.objects.get(kind="surplus").reference.startswith("bill_version:")


def test_a_bill_replaced_while_its_confirmation_waits_for_it_moves_all_the_same(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)

    def confirm() -> None:
        confirm_payment(payment_id=payment.id, now=LATER)
        connections.close_all()

    confirming = Thread(target=copy_context().run, args=(confirm,))
    with transaction.atomic():
        newer = add_bill(company, seed=2, due_centimes=2_000_00, customer_number=bill.customer.number)
        replace(bill, newer)
        confirming.start()
        time.sleep(1)  # it waits for the bill by now
    confirming.join()
    assert settled(bill, newer) == [0, DUE]
    assert check_books(now=LATER) == []


def test_two_bills_replaced_by_one_and_both_confirmed_at_once_wait_for_nobody_for_ever(
    outside: Outside, company: Company, together: Callable[..., list[Any]]
) -> None:
    newer, first, second = add_arrears(company, 5_000_00, 1_000_00, 600_00)
    payments = [start(company, first, key="a"), start(company, second, key="b")]
    for payment, card in zip(payments, (AMINAS_CARD, KARIMS_CARD), strict=True):
        outside.pay(payment.gateway_reference or "", card)
    replace(first, newer)
    replace(second, newer)
    calls = [lambda payment=payment: confirm_payment(payment_id=payment.id, now=LATER) for payment in payments] * 8
    assert together(*calls) == [State.PAID] * 16
    assert settled(newer) == [1_600_00]
    assert check_books(now=LATER) == []
