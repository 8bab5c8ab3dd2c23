"""The national coordinator sees what months that are over brought, and can take nothing small out of it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bawabati.companies.models import Company
from bawabati.money.amount import Money
from bawabati.payments.rules.channels import Word
from bawabati.people.rules import Role
from bawabati.workdays import ALGIERS, accounting_day
from channels import Partner
from people import add_bill
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected")
NATION = "/en/office/nation/"


def months_ago(count: int) -> date:
    """A day in the middle of that month."""
    day = accounting_day(timezone.now()).replace(day=15)
    for _ in range(count):
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=15)
    return day


@pytest.fixture
def leila(company: Company) -> Client:
    """Seven people paid two months ago, two last month, and one today."""
    bank, seed = Partner.of(company), 0
    for count, day in ((7, months_ago(2)), (2, months_ago(1)), (1, accounting_day(timezone.now()))):
        now = datetime.combine(day, time(10), ALGIERS)
        for _ in range(count):
            seed += 1
            bill = add_bill(company, seed=seed, customer_number=f"C-{seed}")
            bank.reserve(f"A-{seed}", bill, now=now)
            bank.says(f"A-{seed}", Word.PAID, Money(bill.due_centimes), now=now)
    return signed_in(add_person("leila@nation.example", Role.COORDINATOR))


def rows_of(client: Client, month: str) -> list[list[str]]:
    answer = client.get(NATION, {"month": month, "as": "csv"})
    content = b"".join(answer) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:]


def test_a_month_that_is_over_is_told_when_enough_people_paid(leila: Client) -> None:
    told = rows_of(leila, f"{months_ago(2):%Y-%m}")
    assert [row[1] for row in told] == ["7", "7"]
    hidden = rows_of(leila, f"{months_ago(1):%Y-%m}")
    assert all(row[1] == "too few to tell" for row in hidden)


def test_all_months_together_hold_nothing_that_one_of_them_hides(leila: Client) -> None:
    """Nine paid in months that are over: two of them are told nowhere."""
    assert [row[1:4] for row in rows_of(leila, "all")] == [["7", "7", "7"]] * 2


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=x", "?month=1999-01", "?month=%00"])
def test_other_days_are_not_told(leila: Client, query: str) -> None:
    running = f"?month={accounting_day(timezone.now()):%Y-%m}"
    for asked in (query, running):
        answer = leila.get(NATION + asked)
        assert answer.status_code == 422
        assert "Choose one of the months that are over." in answer.content.decode()


def test_days_in_the_address_change_nothing(leila: Client) -> None:
    today = accounting_day(timezone.now())
    asked = leila.get(NATION, {"since": (today - timedelta(days=1)).isoformat(), "until": today.isoformat()})
    assert asked.content.decode().count("too few to tell") == 2


def test_before_the_first_payment_there_is_nothing_to_choose(company: Company) -> None:  # noqa: ARG001 - it has none
    client = signed_in(add_person("leila@nation.example", Role.COORDINATOR))
    answer = client.get(NATION)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Nothing is told before a month with payments is over." in page
    assert "<select" not in page
    assert "too few" not in page
