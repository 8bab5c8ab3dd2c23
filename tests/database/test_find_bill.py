"""What typing a payment number shows, and what it never teaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillStatus, Standing
from bawabati.companies.models import Company, CompanyText, GatewayAccount
from bawabati.companies.rules import (
    CheckDigits,
    LooksLikeACardNumber,
    NumberCheckDigitsWrong,
    NumberFormat,
    SecondValue,
    mint_number,
)
from bawabati.flows.find_bill import FoundBill, NoSuchBill, SecondValueMissing, find_bill, look_again
from bawabati.guard.models import Counter
from bawabati.guard.rules import CaptchaNeeded, Scope, TooManyTries, Visitor
from bawabati.money.amount import Money
from bawabati.money.typed import AmountNotReadable
from bawabati.payments.rules import Schedule
from bawabati.payments.writes import LineToPay, open_attempt
from people import AMINAS_CARD, NOON, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

AT_HOME = Visitor("41.98.7.200")


def find(
    company: Company,
    typed: str,
    *,
    second_value: str = "",
    visitor: Visitor = AT_HOME,
    challenge_passed: bool = False,
    now: datetime = NOON,
) -> FoundBill:
    return find_bill(
        company=company,
        typed=typed,
        second_value=second_value,
        visitor=visitor,
        challenge_passed=challenge_passed,
        now=now,
    )


def unknown_number() -> str:
    return mint_number(random=Random("of no bill"))


def hold(company: Company, bill: Bill) -> int:
    texts = CompanyText.objects.filter(company=company, language="ar")
    return open_attempt(
        account=GatewayAccount.objects.get(company=company),
        lines=[LineToPay(bill_id=bill.id, bill_version=1, amount=Money(bill.due_centimes))],
        start_key="somebody's form",
        language="ar",
        payment_terms=texts.get(kind="payment_terms"),
        sale_terms=texts.get(kind="sale_terms"),
        email="",
        registers_now=True,
        schedule=Schedule(),
        now=NOON,
    ).id


def ask_for(company: Company, second_value: SecondValue) -> None:
    number_format = NumberFormat(shortest=14, longest=14, check_digits=CheckDigits.MOD97_10, second_value=second_value)
    company.number_format = number_format.to_json()
    company.save()


def test_a_bill_is_shown_as_its_billing_system_gave_it() -> None:
    company = add_company()
    bill = add_bill(company)
    number = bill.payment_number
    found = find(company, f" {number[:4]}-{number[4:9]} {number[9:]}")
    assert found.bill_id == bill.id
    assert found.payment_number == number
    assert found.standing is Standing.PAYABLE
    assert found.holder_initials == "A. B."
    assert found.lines == (("Eau", Money(95_366)), ("Assainissement", Money(47_684)))
    assert (found.due, found.left) == (Money(143_050), Money(143_050))
    assert (found.period, found.as_of, found.version) == ("2026-T3", NOON, 1)
    assert found.stamp_duty_saved == Money.dinars(15)
    assert found.attempt is None


def test_a_company_does_not_show_the_bills_of_another() -> None:
    oran, other = add_company(), add_company("other")
    bill = add_bill(oran)
    with pytest.raises(NoSuchBill):
        find(other, bill.payment_number)
    with pytest.raises(NoSuchBill):
        look_again(company=other, bill_id=bill.id, now=NOON)


def test_a_typing_error_costs_no_look_up_and_no_count(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    company = add_company()
    number = add_bill(company).payment_number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with django_assert_num_queries(0), pytest.raises(NumberCheckDigitsWrong):
        find(company, wrong)


def test_a_card_number_is_refused_and_kept_nowhere(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    company = add_company()
    ask_for(company, SecondValue.CUSTOMER_NUMBER)
    with django_assert_num_queries(0):
        with pytest.raises(LooksLikeACardNumber) as as_number:
            find(company, AMINAS_CARD.number)
        with pytest.raises(LooksLikeACardNumber) as as_second_value:
            find(company, unknown_number(), second_value=AMINAS_CARD.number)
    assert as_number.value.details == as_second_value.value.details == {}


@pytest.mark.parametrize("kind", ["unknown", "withdrawn", "wrong second value"])
def test_what_is_not_there_looks_and_works_the_same(kind: str) -> None:
    company = add_company()
    bill = add_bill(company, status=BillStatus.WITHDRAWN if kind == "withdrawn" else BillStatus.OPEN)
    ask_for(company, SecondValue.CUSTOMER_NUMBER)
    typed = unknown_number() if kind == "unknown" else bill.payment_number
    second_value = "C999999" if kind == "wrong second value" else "C000001"
    with CaptureQueriesContext(connection) as statements, pytest.raises(NoSuchBill) as answer:
        find(company, typed, second_value=second_value)
    assert answer.value.details == {}
    assert [statement["sql"].split()[0] for statement in statements] == ["WITH", "SELECT", "WITH"]
    assert misses() == {1}


def test_a_hit_is_no_miss() -> None:
    company = add_company()
    find(company, add_bill(company).payment_number)
    assert misses() == set()


def misses() -> set[int]:
    return set(Counter.objects.filter(scope=Scope.FIND_MISS).values_list("count", flat=True))


def test_a_company_with_guessable_numbers_asks_for_the_customer_number_first() -> None:
    company = add_company()
    ask_for(company, SecondValue.CUSTOMER_NUMBER)
    number = add_bill(company).payment_number
    with pytest.raises(SecondValueMissing) as missing:
        find(company, number)
    assert missing.value.details == {"second_value": "customer_number"}
    assert find(company, number, second_value=" c000-001 ").standing is Standing.PAYABLE


def test_a_company_may_ask_for_the_exact_amount() -> None:
    company = add_company()
    ask_for(company, SecondValue.AMOUNT)
    number = add_bill(company).payment_number
    with pytest.raises(NoSuchBill):
        find(company, number, second_value="1430,51")
    with pytest.raises(AmountNotReadable):
        find(company, number, second_value="much")
    assert find(company, number, second_value="1 430,50").standing is Standing.PAYABLE


def test_after_five_misses_the_captcha_is_asked_before_anything_is_looked_up(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    company = add_company()
    bill = add_bill(company)
    for _ in range(5):
        with pytest.raises(NoSuchBill):
            find(company, unknown_number())
    with django_assert_num_queries(1), pytest.raises(CaptchaNeeded):
        find(company, bill.payment_number)
    assert find(company, bill.payment_number, challenge_passed=True).bill_id == bill.id
    assert find(company, bill.payment_number, visitor=Visitor("105.1.2.3")).bill_id == bill.id
    assert find(company, bill.payment_number, now=NOON + timedelta(minutes=10)).bill_id == bill.id


def test_tries_without_the_captcha_do_not_pull_the_companys_brake() -> None:
    company = add_company()
    for _ in range(9):
        with pytest.raises((NoSuchBill, CaptchaNeeded)):
            find(company, unknown_number())
    assert misses() == {5}


def test_when_the_companys_brake_is_on_nobody_is_told_anything(behind_the_scenes: psycopg.Connection[Any]) -> None:
    company = add_company()
    bill = add_bill(company)
    with pytest.raises(NoSuchBill):
        find(company, unknown_number(), visitor=Visitor("105.1.2.3"))
    behind_the_scenes.execute("UPDATE guard_counter SET count = 4000 WHERE scope = 'find_bill.miss'")
    with pytest.raises(TooManyTries):
        find(company, bill.payment_number, challenge_passed=True)


def test_a_paid_bill_says_only_that_it_is_paid_and_when() -> None:
    company = add_company()
    bill = add_bill(company)
    Bill.objects.filter(id=bill.id).update(settled_centimes=bill.due_centimes, settled_at=NOON)
    assert find(company, bill.payment_number) == FoundBill(
        bill_id=bill.id,
        payment_number=bill.payment_number,
        version=1,
        standing=Standing.PAID,
        as_of=NOON,
        settled_at=NOON,
    )


def test_a_bill_that_somebody_is_paying_says_since_when() -> None:
    company = add_company()
    bill = add_bill(company)
    payment_id = hold(company, bill)
    found = find(company, bill.payment_number)
    assert found.standing is Standing.BEING_PAID
    assert found.attempt is not None
    assert (found.attempt.payment_id, found.attempt.opened_at) == (payment_id, NOON)


def test_a_replaced_bill_names_the_bill_that_replaces_it() -> None:
    company = add_company()
    bill = add_bill(company, status=BillStatus.REPLACED, replaced_by="another number")
    found = find(company, bill.payment_number)
    assert (found.standing, found.replaced_by) == (Standing.REPLACED, "another number")


@pytest.mark.parametrize(
    ("due_centimes", "standing"), [(49_99, Standing.BELOW_MINIMUM), (200_000_01, Standing.ABOVE_CEILING)]
)
def test_too_little_and_too_much_are_said_with_the_limits(due_centimes: int, standing: Standing) -> None:
    company = add_company()
    found = find(company, add_bill(company, due_centimes=due_centimes).payment_number)
    assert found.standing is standing
    assert found.limits is not None
    assert (found.limits.minimum, found.limits.ceiling) == (Money.dinars(50), Money.dinars(200_000))


def test_looking_again_counts_nothing_and_shows_the_same() -> None:
    company = add_company()
    bill = add_bill(company)
    found = find(company, bill.payment_number)
    before = list(Counter.objects.order_by("id").values())
    assert look_again(company=company, bill_id=bill.id, now=NOON) == found
    assert list(Counter.objects.order_by("id").values()) == before


def test_a_bill_that_was_withdrawn_meanwhile_is_no_longer_shown() -> None:
    company = add_company()
    bill = add_bill(company, status=BillStatus.WITHDRAWN)
    with pytest.raises(NoSuchBill):
        look_again(company=company, bill_id=bill.id, now=NOON)


def test_two_visitors_who_share_a_network_do_not_wait_for_each_other_for_ever(
    together: Callable[..., list[Any]],
) -> None:
    company = add_company()
    number = add_bill(company).payment_number
    calls = [lambda at=at: find(company, number, visitor=Visitor(f"41.98.7.{at % 3}")) for at in range(12)]
    assert all(isinstance(found, FoundBill) for found in together(*calls))
