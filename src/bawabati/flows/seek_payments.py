"""An officer looks for payments: which may be meant, by whatever the customer has in his hand.

Changes nothing. Who reads one payment's page, or takes the list away as a file, is noted by the doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bawabati.bills.reads import find_bill_by_bill_number, find_bill_by_number, find_customer_by_number
from bawabati.companies.rules import clean_number
from bawabati.errors import CannotDo
from bawabati.flows.steps.seen_payments import agencies_seen, may_see
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import (
    Sought,
    find_payment_in_full,
    payments_of_customer,
    payments_of_email,
    payments_of_order,
    payments_of_reference,
    payments_on_bills,
)
from bawabati.people.models import Staff
from bawabati.receipts.reads import find_receipt_of_number
from bawabati.receipts.rules import NoSuchReceipt, parse_printed_number


class NoSuchPayment(CannotDo):
    """The company has no payment of that identifier, or none that this person may see."""

    code: ClassVar[str] = "no_such_payment"
    sentence: ClassVar[str] = "There is no such payment here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed. Empty or None: anything."""

    number: str = ""
    """Of an order, a receipt or a bill, the payment number of a bill, or the gateway's name of the order."""
    customer: str = ""
    email: str = ""
    last_four: str = ""
    approval_code: str = ""
    amount: Money | None = None
    from_day: date | None = None
    to_day: date | None = None
    state: str = ""
    way: str = ""
    agency_id: int | None = None


def seek_payments(*, company_id: int, wanted: Wanted, staff: Staff) -> Sought:
    """What to look for, within what the person may see. Raises NotAllowed.

    Payments online belong to no agency: an agency's people find one by its number alone.
    Rule: payments-of-the-own-agency (behaviour.md I13)
    """
    agencies = agencies_seen(staff_id=staff.id, company_id=company_id)
    return Sought(
        company_id=company_id,
        agency_ids=agencies,
        online_too=bool(wanted.number),
        among=_among(company_id, wanted),
        last_four=wanted.last_four,
        approval_code=wanted.approval_code,
        amount=wanted.amount,
        from_day=wanted.from_day,
        to_day=wanted.to_day,
        state=wanted.state,
        way=wanted.way,
        agency_id=wanted.agency_id,
    )


def look_at_payment(*, company_id: int, payment_id: int, staff: Staff) -> Payment:
    """One payment of the company, with its places and terms. Raises NotAllowed, NoSuchPayment."""
    agencies = agencies_seen(staff_id=staff.id, company_id=company_id)
    payment = find_payment_in_full(company_id=company_id, payment_id=payment_id)
    if payment is None or not may_see(payment, agencies=agencies):
        raise NoSuchPayment
    return payment


def _among(company_id: int, wanted: Wanted) -> list[int] | None:
    """The payments that every given word may mean; None when no such word was given."""
    meant: list[set[int]] = []
    if wanted.number:
        meant.append(set(_by_number(company_id, wanted.number)))
    if wanted.customer:
        customer = find_customer_by_number(company_id=company_id, number=wanted.customer)
        paid = payments_of_customer(company_id=company_id, customer_id=customer.id) if customer else []
        meant.append(set(paid))
    if wanted.email:
        meant.append(set(payments_of_email(company_id=company_id, email=wanted.email)))
    return sorted(set.intersection(*meant)) if meant else None


def _by_number(company_id: int, number: str) -> Iterable[int]:
    """Whatever kind of number it is: they are told apart by what has them."""
    yield from payments_of_order(company_id=company_id, order_number=clean_number(number))
    yield from payments_of_reference(company_id=company_id, gateway_reference=number)
    bills = (
        find_bill_by_number(company_id=company_id, payment_number=clean_number(number)),
        find_bill_by_bill_number(company_id=company_id, bill_number=number),
    )
    if found := [bill.id for bill in bills if bill is not None]:
        yield from payments_on_bills(company_id=company_id, bill_ids=found)
    try:
        year, kind, of_series = parse_printed_number(number)
    except NoSuchReceipt:
        return
    receipt = find_receipt_of_number(company_id=company_id, year=year, kind=kind, number=of_series)
    if receipt is not None:
        yield receipt.payment_id
