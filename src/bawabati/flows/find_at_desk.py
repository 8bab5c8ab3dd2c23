"""A customer stands at a desk: whose bill is it, by a scan, a number or a name? Every look-up is written down.

A cashier may see whole names; what keeps that honest is that each look-up says who looked and what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.bills.models import Bill, Customer
from bawabati.bills.reads import (
    find_bill_by_bill_number,
    find_bill_by_number,
    find_customer_by_number,
    list_customers_named,
)
from bawabati.companies.models import Agency
from bawabati.companies.rules import LooksLikeACardNumber, clean_number, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.people.models import Staff
from bawabati.people.rules import Action

MOST_NAMED: Final = 20
SHORTEST_NAME: Final = 3


class FoundBy(StrEnum):
    """What the words turned out to be."""

    PAYMENT_NUMBER = "payment_number"
    BILL_NUMBER = "bill_number"
    CUSTOMER_NUMBER = "customer_number"
    NAME = "name"


class NobodyFound(CannotDo):
    """Neither a number nor a name of this company."""

    code: ClassVar[str] = "nobody_found"
    sentence: ClassVar[str] = "Nothing was found with these words. Compare them with the bill."


class WordsTooShort(CannotDo):
    """A name of fewer letters would find half the town."""

    code: ClassVar[str] = "words_too_short"
    sentence: ClassVar[str] = "Type a number, or at least three letters of the name."


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCustomer:
    """A customer whom the words may mean; `bill_id`: the bill whose number they are."""

    customer_id: int
    number: str
    name: str
    bill_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAtDesk:
    """Everybody whom the words may mean; never empty. `there_are_more`: narrower words would tell them apart."""

    by: FoundBy
    customers: tuple[FoundCustomer, ...]
    there_are_more: bool = False


def find_at_desk(*, agency: Agency, words: str, staff: Staff, now: datetime) -> FoundAtDesk:
    """Whom the scanned or typed words mean, in the agency's company. Written down each time, found or not.

    Numbers are found whole and names in part. Neither the log nor the audit holds what was typed.

    Rule: desk-look-up (behaviour.md I13; ours: look-ups of people are written down)

    Raises:
        NotAllowed: this person takes no payments in this agency.
        LooksLikeACardNumber, WordsTooShort, NobodyFound
    """
    check_at_agency(staff, Action.TAKE_PAYMENT, company_id=agency.company_id, agency_id=agency.id)
    found = _find(agency.company_id, words.strip())
    with written_together("find_at_desk: look-up written down"):
        record_act(
            staff_id=staff.id,
            company_id=agency.company_id,
            action="find_at_desk",
            target=f"agency:{agency.id}",
            details={
                "by": found.by if found else "",
                "customers": [customer.customer_id for customer in found.customers] if found else [],
            },
            now=now,
        )
    if found is None:
        raise NobodyFound
    return found


def _find(company_id: int, words: str) -> FoundAtDesk | None:
    """Whoever they mean; None when nobody. What cannot be a number or a name raises before anything is looked up."""
    number = clean_number(words)
    if len(number) < SHORTEST_NAME:
        raise WordsTooShort
    bill = find_bill_by_number(company_id=company_id, payment_number=number)
    if bill is not None:
        return FoundAtDesk(by=FoundBy.PAYMENT_NUMBER, customers=(_owner_of(bill),))
    if looks_like_a_card_number(number):
        raise LooksLikeACardNumber
    for form in dict.fromkeys((words, number)):
        customer = find_customer_by_number(company_id=company_id, number=form)
        if customer is not None:
            return FoundAtDesk(by=FoundBy.CUSTOMER_NUMBER, customers=(_as_found(customer),))
        bill = find_bill_by_bill_number(company_id=company_id, bill_number=form)
        if bill is not None:
            return FoundAtDesk(by=FoundBy.BILL_NUMBER, customers=(_owner_of(bill),))
    named = list_customers_named(company_id=company_id, words=words.split(), at_most=MOST_NAMED + 1)
    if not named:
        return None
    customers = tuple(_as_found(customer) for customer in named[:MOST_NAMED])
    return FoundAtDesk(by=FoundBy.NAME, customers=customers, there_are_more=len(named) > MOST_NAMED)


def _owner_of(bill: Bill) -> FoundCustomer:
    return _as_found(bill.customer, bill_id=bill.id)


def _as_found(customer: Customer, *, bill_id: int | None = None) -> FoundCustomer:
    return FoundCustomer(customer_id=customer.id, number=customer.number, name=customer.name, bill_id=bill_id)
