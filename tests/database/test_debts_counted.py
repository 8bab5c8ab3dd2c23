"""What is owed is counted by age, each day and after each file, beside what was collected of it."""

from datetime import timedelta

import pytest

from bawabati.bills.models import Bill, BillBatch
from bawabati.companies.models import Company
from bawabati.flows.count_debts import count_debts
from bawabati.reports.models import DebtFigure
from bawabati.reports.reads import debt_as_of, list_ages_of_debt
from bawabati.reports.rules.board import AgeOfDebt, Period
from debtors import agree, offer_instalments_at
from money_back import paid_payment
from outside import Outside
from people import NOON, add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
HOUR = timedelta(hours=1)
DUE = 1_430_50


def ages(company: Company) -> dict[str, AgeOfDebt]:
    found = list_ages_of_debt(company_id=company.id, period=Period(first=TODAY, last=TODAY), today=TODAY)
    return {age.key: age for age in found}


def late(company: Company, *, days: int, seed: int) -> Bill:
    bill = add_bill(company, seed=seed)
    Bill.objects.filter(id=bill.id).update(due_on=TODAY - timedelta(days=days))
    bill.refresh_from_db()
    return bill


def test_bills_are_counted_by_the_days_since_their_last_day(outside: Outside, company: Company) -> None:
    for seed, days in enumerate((-5, 0, 1, 30, 31, 400)):
        late(company, days=days, seed=20 + seed)
    paid = late(company, days=31, seed=40)
    late(company, days=31, seed=41)
    Bill.objects.filter(payment_number=late(company, days=31, seed=42).payment_number).update(status="cancelled")
    paid_payment(outside, company, paid)
    assert count_debts(now=NOON) == 1
    found = ages(company)
    assert {key: age.bills for key, age in found.items()} == {
        "not_yet": 2,
        "to_30": 2,
        "to_90": 2,
        "to_365": 0,
        "over": 1,
    }
    assert found["to_90"].due_centimes == 2 * DUE
    assert (found["to_90"].collected_bills, found["to_90"].collected_centimes) == (1, DUE)
    assert debt_as_of(company.id) == NOON


def test_it_is_counted_again_on_a_new_day_and_after_a_file(company: Company) -> None:
    add_bill(company, seed=20)
    assert count_debts(now=NOON + 3 * HOUR) == 1
    assert count_debts(now=NOON + 4 * HOUR) == 0
    add_bill(company, seed=21)
    BillBatch.objects.update(received_at=NOON + 5 * HOUR)
    assert count_debts(now=NOON + 6 * HOUR) == 1
    assert sum(age.bills for age in ages(company).values()) == 2
    assert count_debts(now=NOON + 24 * HOUR) == 1
    assert DebtFigure.objects.values("day").distinct().count() == 2


def test_an_earlier_count_that_ends_later_changes_nothing(company: Company) -> None:
    add_bill(company, seed=20)
    count_debts(now=NOON + HOUR)
    add_bill(company, seed=21)
    count_debts(now=NOON)
    assert debt_as_of(company.id) == NOON + HOUR


def test_a_debt_in_instalments_is_counted_once(company: Company) -> None:
    """Its tranches stand for bills that are counted themselves."""
    offer_instalments_at(company)
    bills = add_arrears(company, 2_000_00, 3_000_00)
    agree(company, bills)
    assert Bill.objects.count() > len(bills)
    count_debts(now=NOON)
    assert sum(age.bills for age in ages(company).values()) == 2
    assert sum(age.due_centimes for age in ages(company).values()) == 5_000_00
