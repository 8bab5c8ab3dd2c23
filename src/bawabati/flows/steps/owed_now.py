"""How what customers owe stands at this moment: for reminders in the second of sending, and for a crew at a door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bawabati.bills.models import Customer
from bawabati.flows.steps.schedule import schedule
from bawabati.ledger.reads import credits_of
from bawabati.money.amount import ZERO
from bawabati.reminders.reads import open_bills_of
from bawabati.reminders.rules import Answer, at_the_door
from bawabati.workdays import accounting_day


def watched_since(now: datetime) -> datetime:
    """Money may still come of an attempt whose page ended after that."""
    return now - timedelta(seconds=schedule().grace_after_page)


def answers_for(customers: Sequence[Customer], *, company_id: int, now: datetime) -> dict[int, Answer]:
    """What a crew is told of each of these customers of that company, by identifier. Two statements."""
    bills = open_bills_of([customer.id for customer in customers], watched_since=watched_since(now))
    credit = credits_of(company_id=company_id, holders=[customer.number for customer in customers])
    today = accounting_day(now)
    return {
        customer.id: at_the_door(bills[customer.id], credit=credit.get(customer.number, ZERO), today=today)
        for customer in customers
    }
