"""Bills for the run. A refusal leaves a bill to be paid; after five of them within an hour it rests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, find_bill_by_number, limits_of, list_open_bills
from bawabati.bills.rules import Standing, standing_of
from bawabati.companies.models import Company
from bawabati.companies.rules import NumberFormat, SecondValue, clean_number
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.payments.reads import find_hold

_LOOKED_AT = 500
_AT_MOST = 30
_REFUSALS_EACH = 4
"""One below the limit of `guard.rules`, for a refusal that somebody else brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillToPay:
    """A bill with what a payer types to see it."""

    payment_number: str
    second_value: str
    left: Money


class NoBillLeft(Exception):  # noqa: N818 - it says what happened
    """Every bill of the run is paid or rests."""


class BillsToPay:
    """The bills that are left, the least refused first."""

    def __init__(self, bills: Iterable[BillToPay]) -> None:
        self._bills = list(bills)
        self._refusals: Counter[str] = Counter()

    def to_pay(self) -> BillToPay:
        """One that a payment may settle. Raises NoBillLeft."""
        if not self._bills:
            raise NoBillLeft
        return max(self._bills, key=lambda bill: self._refusals[bill.payment_number])

    def to_refuse(self) -> BillToPay:
        """One on which a card may be refused. Raises NoBillLeft."""
        fresh = [bill for bill in self._bills if self._refusals[bill.payment_number] < _REFUSALS_EACH]
        if not fresh:
            raise NoBillLeft
        return fresh[-1]

    def was_refused(self, bill: BillToPay) -> None:
        """A card was refused on it."""
        self._refusals[bill.payment_number] += 1

    def is_gone(self, bill: BillToPay) -> None:
        """It was paid, rests, or cannot be paid."""
        self._bills.remove(bill)


class BillUnusable(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """A bill that was named cannot be paid now. The message says which."""


def bills_of(company: Company, *, named: Iterable[str]) -> list[BillToPay]:
    """The named bills; without names, open bills of the company. Raises BillUnusable."""
    numbers = [clean_number(number) for number in named]
    if not numbers:
        free = (
            bill
            for bill in list_open_bills(company_id=company.id, limits=limits_of(company), at_most=_LOOKED_AT)
            if find_hold(bill.id) is None
        )
        return [_to_pay(company, bill) for bill, _ in zip(free, range(_AT_MOST), strict=False)]
    return [_named(company, number) for number in dict.fromkeys(numbers)]


def _named(company: Company, number: str) -> BillToPay:
    bill = find_bill_by_number(company_id=company.id, payment_number=number)
    if bill is None:
        raise BillUnusable(f"{company.code} has no bill with the payment number {number}.")
    facts = facts_of(bill, is_held=find_hold(bill.id) is not None)
    standing = standing_of(facts, limits_of(company))
    if standing is not Standing.PAYABLE:
        raise BillUnusable(f"The bill {number} cannot be paid now: {standing}.")
    return _to_pay(company, bill)


def _to_pay(company: Company, bill: Bill) -> BillToPay:
    second = NumberFormat.from_json(company.number_format).second_value
    values = {
        SecondValue.NONE: "",
        SecondValue.CUSTOMER_NUMBER: bill.customer.number,
        SecondValue.AMOUNT: figures(Money(bill.due_centimes), "fr"),
    }
    return BillToPay(payment_number=bill.payment_number, second_value=values[second], left=facts_of(bill).left)
