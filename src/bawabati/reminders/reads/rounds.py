"""Rounds of crews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bawabati.bills.models import Customer
from bawabati.keyset import At, Page, page_of
from bawabati.reminders.models import Round, RoundCustomer


def find_round_of(*, company_id: int, crew_id: int, day: date) -> Round | None:
    """The round of that person on that day: the one that was brought last."""
    found = Round.objects.filter(company_id=company_id, crew_id=crew_id, day=day)
    return found.order_by("-id").first()


def find_round(*, company_id: int, round_id: int) -> Round | None:
    """That round of the company, with its people."""
    return Round.objects.select_related("crew", "brought_by").filter(company_id=company_id, id=round_id).first()


def list_rounds(*, company_id: int, at: At) -> Page[Round]:
    """The newest day first, with their people."""
    found = Round.objects.select_related("crew", "brought_by").filter(company_id=company_id)
    return page_of(found, order=["-day", "-id"], at=at)


def list_customers_of(round_id: int) -> list[Customer]:
    """Its customers, in its order."""
    rows = RoundCustomer.objects.select_related("customer").filter(round_id=round_id).order_by("place")
    return [row.customer for row in rows]


def find_customers(*, company_id: int, numbers: Sequence[str]) -> dict[str, Customer]:
    """The customers who have one of these numbers."""
    found = Customer.objects.filter(company_id=company_id, number__in=list(numbers))
    return {customer.number: customer for customer in found}
