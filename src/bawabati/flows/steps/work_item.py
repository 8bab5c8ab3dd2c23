"""Telling the office: a case with an owner and a promised day."""

from collections.abc import Mapping
from datetime import datetime

from bawabati.cases.writes import open_case
from bawabati.companies.reads import get_company, holidays_of
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.people.writes import system_account
from bawabati.workdays import accounting_day, add_working_days

HANDED_OVER = "sale_handed_over"
"""The case of a sale that its session was closed over."""


def open_work_item(
    *,
    company_id: int,
    kind: str,
    reference: str,
    amount: Money,
    details: Mapping[str, object],
    now: datetime,
    owner: Staff | None = None,
) -> None:
    """Opens the case, in the caller's transaction. Safe to repeat: one case for each (kind, reference).

    The owner is the person whom the company has named, unless `owner` takes it over; the system's own account until it
    has, because money is never held back for want of a name.
    """
    company = get_company(company_id)
    owner = owner or find_staff(company.surplus_owner_login) or system_account(now=now)
    promised_on = add_working_days(
        accounting_day(now), max(1, company.surplus_promised_working_days), holidays=holidays_of(company.id)
    )
    open_case(
        company_id=company_id,
        kind=kind,
        reference=reference,
        amount=amount,
        owner_id=owner.id,
        promised_on=promised_on,
        details=details,
        now=now,
    )
