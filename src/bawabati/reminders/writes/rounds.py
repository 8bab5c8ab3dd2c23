"""Rounds of crews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bawabati.bills.models import Customer
from bawabati.people.models import Staff
from bawabati.reminders.models import Round, RoundCustomer


def write_round(
    *, company_id: int, day: date, crew: Staff, customers: Sequence[Customer], unknown: int, staff: Staff, now: datetime
) -> Round:
    """The round of a person on a day; what was brought last counts."""
    row = Round.objects.create(
        company_id=company_id,
        day=day,
        crew=crew,
        brought_at=now,
        brought_by=staff,
        customer_count=len(customers),
        unknown_count=unknown,
    )
    RoundCustomer.objects.bulk_create(
        RoundCustomer(company_id=company_id, round=row, customer=customer, place=place)
        for place, customer in enumerate(customers, start=1)
    )
    return row


def note_taken(row: Round, *, now: datetime) -> None:
    """The crew has taken its list along."""
    row.taken_at = now
    row.save(update_fields=["taken_at"])


def forget_rounds(*, before: date) -> int:
    """Forgets the rounds of days before that one; how many. Rule: rounds-forgotten (law 18-07)"""
    old = Round.objects.filter(day__lt=before)
    count = old.count()
    old.delete()
    return count
