"""The demonstration has a past: days that are closed, one that waits for the finance officer, and files."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.bills.reads import limits_of, list_open_bills
from bawabati.companies.models import Company, Desk
from bawabati.companies.reads import list_agencies
from bawabati.flows.check_books import check_books
from bawabati.people.rules import Role
from bawabati.reports.models import CompanyClosing, PaymentFile
from bawabati.reports.reads import facts_of
from people import add_bill, add_company
from staff import add_agency, add_person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def oran() -> Company:
    company = add_company()

    agency = add_agency(company)
    Desk.objects.create(company=company, agency=agency, code="OC-C3")
    add_person("cashier@oran.example", Role.CASHIER, company=company, agency=agency)
    add_person("head@oran.example", Role.AGENCY_HEAD, company=company, agency=agency)
    add_person("finance@oran.example", Role.FINANCE, company=company)
    for seed in range(20):
        add_bill(company, seed=seed)
    return company


def test_three_days_are_played_two_are_closed_and_the_books_agree(oran: Company) -> None:
    first = list_open_bills(company_id=oran.id, limits=limits_of(oran), at_most=1)
    call_command("demo_days")
    assert [closing.number for closing in CompanyClosing.objects.order_by("number")] == [1, 2]
    facts = facts_of(CompanyClosing.objects.get(number=2))
    assert [agency.is_signed for agency in facts.agencies] == [True] * len(list_agencies(oran.id))
    assert facts.differences == ()
    assert [file.line_count for file in PaymentFile.objects.all()] == [15]
    assert check_books(now=timezone.now()) == []
    assert Bill.objects.get(id=first[0].id).settled_centimes == 0, "the first screen's bill is left alone"


def test_a_demonstration_that_goes_on_has_its_own_past(oran: Company) -> None:
    call_command("demo_days")
    call_command("demo_days")
    assert (oran.code, PaymentFile.objects.count()) == ("oran", 1)
