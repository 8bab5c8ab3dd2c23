"""A customer without the paper: customer number and one thing more that the company chose, then all that he owes.

What is not there teaches nothing: an unknown number, a wrong second value and a customer of whom only withdrawn bills
are left end in the same error after the same statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Final

from bawabati.bills.models import Bill
from bawabati.bills.reads import (
    debt_rules_of,
    facts_of,
    find_bill_by_id,
    find_customer_as_typed,
    find_customer_by_id,
    find_open_agreement,
    is_shared,
    limits_of,
    list_debts,
    offers_instalments,
    open_bill_of,
    what_is_known_of,
)
from bawabati.bills.rules import (
    WEAK,
    AgreementState,
    AmountShared,
    DebtBill,
    Limits,
    LookupFactor,
    answers,
    comparable,
    initials,
    standing_of,
)
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber, clean_number, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import NoSuchBill
from bawabati.guard.rules import By, Scope, Verdict, Visitor, pass_or_raise
from bawabati.guard.writes import note, weigh
from bawabati.money.amount import ZERO, Money, total
from bawabati.payments.reads import list_held_bill_ids
from bawabati.workdays import ALGIERS

LONGEST_TYPED: Final = 60


class CustomerNumberMissing(CannotDo):
    """Nothing was typed, or nothing but spaces and marks."""

    code: ClassVar[str] = "customer_number_missing"
    sentence: ClassVar[str] = "Type your customer number."


class NoSuchDebt(CannotDo):
    """No such customer, or not with that second value."""

    code: ClassVar[str] = "no_such_debt"
    sentence: ClassVar[str] = "We found nothing with what you typed. Compare it with an older bill or receipt."


class NotOffered(CannotDo):
    """The company asks for the payment number of a bill."""

    code: ClassVar[str] = "lookup_not_offered"
    sentence: ClassVar[str] = "Bills of this company are found by their payment number alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """All that a customer owes, as whoever found it may see it: periods and sums, of the person initials alone.

    Rule: masked-bill (failures.md 5.5)
    """

    customer_id: int
    number_ending: str
    holder_initials: str
    bills: tuple[DebtBill, ...]
    limits: Limits
    oldest_first_only: bool
    agreement_state: AgreementState | None
    """Of the agreement that the customer has asked for, or pays by."""
    offers_instalments: bool

    @property
    def sum(self) -> Money:
        """What is left to pay of them all, whoever is paying some of it now."""
        return total(debt.bill.left for debt in self.bills)

    @property
    def can_be_paid(self) -> Money:
        """What is left to pay of those that nobody is paying now."""
        return total(debt.bill.left for debt in self.bills if debt.can_be_ticked)


def find_debts(
    *, company: Company, typed: str, typed_factor: str, visitor: Visitor, challenge_passed: bool, now: datetime
) -> Debts:
    """What the customer of that number owes. Call it outside a transaction: each call counts as a try.

    Misses count for the visitor, the company, everybody and the customer number, so that neither one address nor a
    thousand can guess at one customer. A weak second value asks for a captcha each time.

    Rule: same-answer (failures.md 5.5; behaviour.md 6, "unknown, wrong and withdrawn look and take the same")
    Rule: lookup-factor (failures.md 5.5; the company chooses)

    Raises:
        NotOffered: the company does not do this.
        CustomerNumberMissing, FactorMissing, LooksLikeACardNumber
        CannotDo: one of `parse_amount`'s.
        CaptchaNeeded, TooManyTries: too many tries; nothing was looked up.
        AmountShared: that amount opens nobody's debt. Nothing of a customer was looked up.
        NoSuchDebt: unknown or wrong.
    """
    factor = LookupFactor(debt_rules_of(company.id).lookup_factor)
    if factor is LookupFactor.NONE:
        raise NotOffered
    number = _number(typed)
    second = comparable(typed_factor, factor)
    subject = visitor.subject() | {
        By.COMPANY: company.code,
        By.EVERYBODY: "",
        By.CUSTOMER: _unreadable(company, number),
    }
    verdict = weigh(counting=Scope.FIND_TRY, minding=(Scope.FIND_MISS, Scope.DEBT_MISS), subject=subject, now=now)
    verdict = max(verdict, Verdict.CAPTCHA) if factor in WEAK else verdict
    pass_or_raise(verdict, challenge_passed=challenge_passed)
    if factor is LookupFactor.BILL_AMOUNT and is_shared(company_id=company.id, amount=Money(int(second))):
        raise AmountShared
    customer = find_customer_as_typed(company_id=company.id, number=number)
    known = what_is_known_of(customer)
    is_right = answers(second, factor, known)
    if customer is None or not known.numbers or not is_right:
        note(Scope.FIND_MISS, subject=subject, now=now)
        note(Scope.DEBT_MISS, subject=subject, now=now)
        raise NoSuchDebt
    return see_debts(company=company, customer_id=customer.id, now=now)


def see_debts(*, company: Company, customer_id: int, now: datetime) -> Debts:
    """What a customer that this visitor has found owes now. Counts nothing.

    The door must know that the visitor has found him: by a link of ours, never by an identifier from the outside.
    Raises NoSuchDebt when he is another company's.
    """
    customer = find_customer_by_id(company_id=company.id, customer_id=customer_id)
    if customer is None:
        raise NoSuchDebt
    rules, limits = debt_rules_of(company.id), limits_of(company)
    held = list_held_bill_ids(customer.id)
    owed = list_debts(customer.id)
    agreement = find_open_agreement(customer.id)
    return Debts(
        customer_id=customer.id,
        number_ending=customer.number[-3:],
        holder_initials=initials(customer.name),
        bills=tuple(_with_sums(owed, held, limits, now)),
        limits=limits,
        oldest_first_only=rules.oldest_first_only,
        agreement_state=AgreementState(agreement.state) if agreement else None,
        offers_instalments=agreement is None
        and limits.company_is_open
        and offers_instalments(rules, total(facts_of(bill).left for bill in owed)),
    )


def debtor_of(*, company: Company, bill_id: int) -> int:
    """The customer of a bill that this visitor has found, where the company shows him the others.

    Raises NoSuchBill when it does not. Rule: other-bills (ours: the company decides)
    """
    bill = find_bill_by_id(company_id=company.id, bill_id=bill_id)
    if bill is None or not company.offers_other_bills:
        raise NoSuchBill
    return bill.customer_id


def _with_sums(owed: list[Bill], held: frozenset[int], limits: Limits, now: datetime) -> list[DebtBill]:
    today, so_far, debts = now.astimezone(ALGIERS).date(), ZERO, []
    for bill in owed:
        facts = facts_of(bill, is_held=bill.id in held)
        standing = standing_of(facts, limits)
        assert standing is not None  # noqa: S101 - a withdrawn bill is not open
        debt = DebtBill(
            bill=open_bill_of(bill),
            issued_on=bill.issued_on,
            standing=standing,
            is_overdue=bill.due_on < today,
            is_tranche=bill.tranche_of_id is not None,
            so_far=so_far + facts.left,
        )
        if debt.can_be_ticked:
            so_far = debt.so_far
        debts.append(debt)
    return debts


def _number(typed: str) -> str:
    """Raises CustomerNumberMissing, LooksLikeACardNumber."""
    if looks_like_a_card_number(typed) or looks_like_a_card_number(clean_number(typed)):
        raise LooksLikeACardNumber
    number = typed.strip()[:LONGEST_TYPED]
    if not clean_number(number):
        raise CustomerNumberMissing
    return number


def _unreadable(company: Company, number: str) -> str:
    """The customer number as it is counted by: the table of counters holds nobody's number."""
    return sha256(f"{company.code}:{clean_number(number)}".encode()).hexdigest()[:32]
