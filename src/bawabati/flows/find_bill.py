"""Somebody types a payment number: is there such a bill, and what may its payer see of it?

What is not there teaches nothing. A number that was never given, one whose second value is wrong and a bill that the
company has taken back end in the same error after the same statements, so neither words nor time tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from hmac import compare_digest
from typing import ClassVar, Final

from bawabati.bills.models import Bill
from bawabati.bills.reads import (
    facts_of,
    find_bill_by_id,
    find_bill_by_number,
    limits_of,
    list_bill_lines,
    list_unpaid_bills,
    open_bill_of,
)
from bawabati.bills.rules import (
    SIZE_IS_WRONG,
    BillStatus,
    Limits,
    OpenBill,
    Standing,
    Way,
    initials,
    oldest_first,
    standing_of,
    ways_to_pay,
)
from bawabati.companies.models import Company
from bawabati.companies.rules import (
    MINTED_FORMAT,
    LooksLikeACardNumber,
    NumberFormat,
    SecondValue,
    check_number,
    clean_number,
    looks_like_a_card_number,
)
from bawabati.errors import CannotDo
from bawabati.guard.rules import By, Scope, Subject, Visitor, pass_or_raise
from bawabati.guard.writes import note, weigh
from bawabati.money.amount import ZERO, Money
from bawabati.money.stamp_duty import stamp_duty
from bawabati.money.typed import parse_amount
from bawabati.payments.reads import find_hold, list_held_bill_ids
from bawabati.workdays import ALGIERS

PAYABLE_SOMEHOW: Final = SIZE_IS_WRONG | {Standing.PAYABLE}


class NoSuchBill(CannotDo):
    """The company has no such bill, or not with that second value, or no longer."""

    code: ClassVar[str] = "no_such_bill"
    sentence: ClassVar[str] = "We found no bill with what you typed. Compare it with your bill."


class SecondValueMissing(CannotDo):
    """The company's numbers can be guessed, so it asks for one more value from the bill; `second_value` says which."""

    code: ClassVar[str] = "second_value_missing"
    sentence: ClassVar[str] = "Type the second value from your bill too."


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAttempt:
    """A payment that holds the bill now."""

    payment_id: int | None
    """None when it is being paid at an agency."""
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBill:
    """A bill as its payer may see it.

    Of a paid bill nothing is told but that it is paid and when: every field with a default keeps it. Of the customer's
    other bills only period and amount may be shown, and only where the company offers them; `open_bills` holds the
    typed one too, oldest first. `ways` is empty when nothing of it can be paid now.

    Rule: masked-bill (failures.md 5.5; behaviour.md 6, "a paid bill says only that it is paid and when")
    Rule: other-bills (ours: the company decides)
    """

    bill_id: int
    payment_number: str
    version: int
    standing: Standing
    as_of: datetime
    settled_at: datetime | None
    bill_number: str = ""
    holder_initials: str = ""
    period: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    is_estimated: bool = False
    is_tranche: bool = False
    """An instalment: `lines` are the bills that it pays."""
    lines: tuple[tuple[str, Money], ...] = ()
    due: Money = ZERO
    left: Money = ZERO
    stamp_duty_saved: Money = ZERO
    replaced_by: str = ""
    attempt: LiveAttempt | None = None
    open_bills: tuple[OpenBill, ...] = ()
    ways: tuple[Way, ...] = ()
    limits: Limits | None = None


def find_bill(
    *,
    company: Company,
    typed: str,
    second_value: str = "",
    visitor: Visitor,
    challenge_passed: bool,
    now: datetime,
) -> FoundBill:
    """The bill that `typed` names. Call it outside a transaction: each call counts as a try.

    What cannot be a number of this company costs no look-up and is not counted. No error holds what was typed.

    Rule: same-answer (failures.md 5.5; behaviour.md 6, "unknown, wrong and withdrawn look and take the same")

    Raises:
        CannotDo: one of `check_number`'s, LooksLikeACardNumber for either value among them, or of `parse_amount`'s.
        SecondValueMissing: this company asks for one more value.
        CaptchaNeeded, TooManyTries: too many tries; nothing was looked up.
        NoSuchBill: unknown, wrong or withdrawn.
    """
    number_format = NumberFormat.from_json(company.number_format)
    number = _number(typed, number_format)
    second = _comparable(second_value, number_format.second_value)
    subject = visitor.subject() | {By.COMPANY: company.code, By.EVERYBODY: ""}
    verdict = weigh(counting=Scope.FIND_TRY, minding=(Scope.FIND_MISS,), subject=subject, now=now)
    pass_or_raise(verdict, challenge_passed=challenge_passed)
    bill = find_bill_by_number(company_id=company.id, payment_number=number)
    expected = _on_the_bill(bill, number_format.second_value)
    is_right = compare_digest(second.encode(), expected.encode())
    if bill is None or bill.status == BillStatus.WITHDRAWN or not is_right:
        raise _miss(subject, now)
    return _found(company, bill, now)


def look_again(*, company: Company, bill_id: int, now: datetime) -> FoundBill:
    """A bill that this visitor has found before, as it stands now. Counts nothing.

    The door must know that the visitor has found it: by a link of ours, never by an identifier from the outside.
    Raises NoSuchBill when it is another company's, or was withdrawn meanwhile.
    """
    bill = find_bill_by_id(company_id=company.id, bill_id=bill_id)
    if bill is None or bill.status == BillStatus.WITHDRAWN:
        raise NoSuchBill
    return _found(company, bill, now)


def _number(typed: str, number_format: NumberFormat) -> str:
    """A number of the company's form, or of ours: the numbers of instalments are minted everywhere."""
    try:
        return check_number(typed, number_format=number_format)
    except CannotDo as wrong:
        try:
            return check_number(typed, number_format=MINTED_FORMAT)
        except CannotDo:
            raise wrong from None


def _miss(subject: Subject, now: datetime) -> NoSuchBill:
    note(Scope.FIND_MISS, subject=subject, now=now)
    return NoSuchBill()


def _comparable(typed: str, kind: SecondValue) -> str:
    """The second value in the one form in which it is compared; empty where the company asks for none."""
    if kind is SecondValue.NONE:
        return ""
    if looks_like_a_card_number(typed):
        raise LooksLikeACardNumber
    if not clean_number(typed):
        raise SecondValueMissing(second_value=kind.value)
    match kind:
        case SecondValue.CUSTOMER_NUMBER:
            return clean_number(typed)
        case SecondValue.AMOUNT:
            return str(parse_amount(typed).centimes)


def _on_the_bill(bill: Bill | None, kind: SecondValue) -> str:
    match kind:
        case SecondValue.NONE:
            return ""
        case SecondValue.CUSTOMER_NUMBER:
            return clean_number(bill.customer.number) if bill else ""
        case SecondValue.AMOUNT:
            return str(bill.due_centimes) if bill else ""


def _found(company: Company, bill: Bill, now: datetime) -> FoundBill:
    live = find_hold(bill.id)
    facts = facts_of(bill, is_held=live is not None)
    limits = limits_of(company)
    standing = standing_of(facts, limits)
    if standing is None:
        raise NoSuchBill
    told = FoundBill(
        bill_id=bill.id,
        payment_number=bill.payment_number,
        version=bill.version,
        standing=standing,
        as_of=bill.as_of,
        settled_at=bill.settled_at,
    )
    if standing is Standing.PAID:
        return told
    open_bills = _open_bills(company, bill) if standing in PAYABLE_SOMEHOW else ()
    return replace(
        told,
        bill_number=bill.bill_number,
        holder_initials=initials(bill.customer.name),
        period=bill.period,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        is_estimated=bill.is_estimated,
        is_tranche=bill.tranche_of_id is not None,
        lines=tuple(list_bill_lines(bill)),
        due=facts.due,
        left=facts.left,
        stamp_duty_saved=stamp_duty(facts.left, on=now.astimezone(ALGIERS).date()),
        replaced_by=bill.replaced_by,
        attempt=LiveAttempt(payment_id=live.payment_id, opened_at=live.held_at) if live else None,
        open_bills=open_bills,
        ways=ways_to_pay(open_bills, typed_id=bill.id, limits=limits) if open_bills else (),
        limits=limits,
    )


def _open_bills(company: Company, bill: Bill) -> tuple[OpenBill, ...]:
    """The bill, and with it what else of its customer is open and nobody is paying, where the company offers that."""
    if not company.offers_other_bills:
        return (open_bill_of(bill),)
    held = list_held_bill_ids(bill.customer_id)
    others = [other for other in list_unpaid_bills(bill.customer_id) if other.id != bill.id and other.id not in held]
    return oldest_first([open_bill_of(bill), *map(open_bill_of, others)])
