"""Reminders of the demonstration: what the communication officer has decided, and payers who asked for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from bawabati.bills.models import Bill, Customer
from bawabati.bills.reads import limits_of, list_contacts, list_open_bills
from bawabati.companies.models import Company
from bawabati.flows.keep_reminders import NewPlan, keep_plan, switch_reminders
from bawabati.flows.wish_reminders import confirm_wish, wish_reminders
from bawabati.guard.rules import Visitor
from bawabati.people.models import Staff
from bawabati.reminders.rules import Timing

LOOKED_AT: Final = 5_000
PART_PRICE_CENTIMES: Final = 3_50
A_MINUTE: Final = 30
WISHES: Final = (
    ("0550900001", "ar"),
    ("0550900002", "fr"),
    ("amina@example.com", "fr"),
    ("0550900003", "ar"),
    ("karim@example.com", "ar"),
    ("0550900004", "ar"),
)
"""Where, and in which language."""


def remind(*, company: Company, communication: Staff, now: datetime) -> None:
    """Switches reminders on, after some payers have wished them. Not safe to repeat: each wish is a message."""
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=LOOKED_AT)
    for (words, language), customer in zip(WISHES, _latest(bills), strict=False):
        _wish(customer, words, language, now)
    new = NewPlan(
        timing=Timing(),
        by_sms=True,
        by_email=True,
        a_minute=A_MINUTE,
        part_price_centimes=PART_PRICE_CENTIMES,
        campaign_code="",
    )
    keep_plan(new, company_id=company.id, staff=communication, now=now)
    switch_reminders(on=True, company_id=company.id, staff=communication, now=now)


def _latest(bills: Iterable[Bill]) -> Iterable[Customer]:
    """Customers whose bills are due last, each once."""
    latest = sorted(bills, key=lambda bill: (bill.due_on, bill.id), reverse=True)
    return islice({bill.customer_id: bill.customer for bill in latest}.values(), len(WISHES))


def _wish(customer: Customer, words: str, language: str, now: datetime) -> None:
    """By the page of a bill, confirmed at once where it was sent to."""
    line = Visitor(address=f"198.51.100.{customer.id % 200 + 1}")
    wish_reminders(customer=customer, words=words, language=language, visitor=line, challenge_passed=True, now=now)
    for contact in list_contacts(customer.id):
        if contact.confirmed_at is None and contact.source == "payer":
            confirm_wish(contact=contact, now=now)
