"""`bawabati demo-customers`: what customers of the demonstration's first company ask for, and who goes to them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.bills.models import Customer
from bawabati.bills.reads import limits_of, list_agreements, list_debts, list_open_bills
from bawabati.bills.rules import HAS_TRANCHES, AgreementState
from bawabati.companies.models import Company
from bawabati.flows.bring_round import bring_round
from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.jobs.demo.debtors import ask, find_debtors
from bawabati.jobs.demo.reminded import remind
from bawabati.keyset import At
from bawabati.payments.reads.channels import list_reservation_lines, list_reservations
from bawabati.payments.rules.channels import ReservationState
from bawabati.people.models import Staff
from bawabati.reminders.reads import find_plan, find_round_of
from bawabati.workdays import accounting_day

PHONE: Final = "0550900007"
ASKED_AGO: Final = timedelta(hours=3)
DOORS: Final = 12
PAID_DOORS: Final = 3
LOOKED_AT: Final = 400


class Command(BaseCommand):
    """Safe to repeat: each is done once, a round once a day."""

    help = "Has customers of the demonstration ask for instalments and reminders, and brings the crew's round."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("--company", default="oran")

    def handle(self, **options: object) -> None:
        """Prints the customer numbers of who asks for instalments, with an older bill, and of who pays by them."""
        company, now = company_of(options["company"]), timezone.now()
        with saying_why_not():
            people = {name: staff_of(f"{name}@{company.code}.example") for name in ("communication", "finance", "crew")}
            if find_plan(company.id) is None:
                for debtor in find_debtors(company)[:1]:
                    ask(company=company, customer=debtor, phone=PHONE, now=now - ASKED_AGO)
                remind(company=company, communication=people["communication"], now=now)
            _bring_round(company, people["crew"], people["finance"], now)
        asks, pays = _customer(company, [AgreementState.ASKED]), _customer(company, HAS_TRANCHES)
        bills = list_debts(asks.id) if asks else []
        told = {
            "asks": asks.number if asks else "",
            "older": bills[0].payment_number if bills else "",
            "pays": pays.number if pays else "",
        }
        self.stdout.write(json.dumps(told))


def _bring_round(company: Company, crew: Staff, finance: Staff, now: datetime) -> None:
    """The doors of today: who owes for longest, who pays in instalments, who has paid at his bank yesterday."""
    day = accounting_day(now)
    if find_round_of(company_id=company.id, crew_id=crew.id, day=day) is not None:
        return
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=LOOKED_AT)
    longest = sorted(bills, key=lambda bill: (bill.due_on, bill.id))
    numbers = list(dict.fromkeys(bill.customer.number for bill in longest))[:DOORS]
    pays = _customer(company, HAS_TRANCHES)
    numbers += [pays.number] if pays else []
    paid = list_reservations(company_id=company.id, state=ReservationState.PAID, at=At(rows=PAID_DOORS)).rows
    numbers += [line.bill.customer.number for one in paid for line in list_reservation_lines(one.id)]
    if numbers:
        text = "\n".join(numbers)
        bring_round(company_id=company.id, agency_id=None, day=day, crew=crew, text=text, staff=finance, now=now)


def _customer(company: Company, states: Iterable[str]) -> Customer | None:
    found = list_agreements(company_id=company.id, states=sorted(states), at=At()).rows
    return found[0].customer if found else None
