"""A payer asks to pay his debt in instalments, answers what the office offers instead, or takes his wish back."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest
from typing import ClassVar

from django.conf import settings

from bawabati.bills.models import Agreement
from bawabati.bills.reads import (
    debt_rules_of,
    facts_of,
    find_customer_by_id,
    find_open_agreement,
    offers_instalments,
)
from bawabati.bills.rules import AgreementEvent, AgreementMoved, Tranche
from bawabati.bills.writes import hold_customer, lock_agreement, open_agreement
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import find_text
from bawabati.errors import CannotDo
from bawabati.flows.find_debts import NoSuchDebt
from bawabati.flows.start_payment import TermsChanged
from bawabati.flows.steps.agreement_moves import (
    DebtChanged,
    agree,
    debt_of,
    lock_debt,
    move,
    plan_now,
    reference_of,
    tell,
)
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, Visitor, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.money.amount import Money, total
from bawabati.notices.rules import read_phone
from bawabati.notices.writes import keep_phone

TERMS = "instalment_terms"


class NoInstalments(CannotDo):
    """The company offers none, or none for so small a debt."""

    code: ClassVar[str] = "no_instalments"
    sentence: ClassVar[str] = "Instalments are not offered for this debt. Ask in an agency."


class AskedAlready(CannotDo):
    """One at a time. Nothing of the one that is open is told: many may find a debt, and one of them has asked."""

    code: ClassVar[str] = "instalments_asked_already"
    sentence: ClassVar[str] = (
        "Instalments have been asked for already, or are being paid. "
        "They are followed at the address that was shown to whoever asked."
    )


class DebtHasGrown(CannotDo):
    """The office has offered instalments of a smaller debt."""

    code: ClassVar[str] = "debt_has_grown"
    sentence: ClassVar[str] = (
        "More is owed now than the company has offered instalments for. Ask it again for the new sum."
    )


def preview_instalments(
    *, company: Company, customer_id: int, tranches: int, first: Money, now: datetime
) -> tuple[Tranche, ...]:
    """What the tranches would be if the office agreed today. Changes nothing.

    Raises:
        NoInstalments
        CannotDo: one of `plan`'s.
    """
    rules, debt = debt_rules_of(company.id), debt_of(customer_id)
    if not offers_instalments(rules, debt):
        raise NoInstalments
    return plan_now(company, rules, debt, tranches=tranches, first=first, now=now)


def terms_of_instalments(company: Company, *, language: str, now: datetime) -> CompanyText | None:
    """What whoever asks accepts; None where the company has written nothing, and so offers nothing."""
    return find_text(company_id=company.id, kind=TERMS, language=language, now=now)


def asked_before(*, customer_id: int, start_key: str) -> Agreement | None:
    """What was asked with this very form; None while nothing is open.

    Raises AskedAlready when the open one was asked with another. Rule: own-agreement (law 18-07)
    """
    known = find_open_agreement(customer_id)
    if known is None or (start_key and compare_digest(known.start_key.encode(), start_key.encode())):
        return known
    raise AskedAlready


def ask_instalments(
    *,
    company: Company,
    customer_id: int,
    tranches: int,
    first: Money,
    seen_debt: Money,
    terms_id: int,
    email: str,
    phone: str,
    start_key: str,
    language: str,
    visitor: Visitor,
    challenge_passed: bool,
    now: datetime,
) -> Agreement:
    """Keeps the wish, for the office to answer. The door knows that this visitor has found the customer.

    Safe to repeat with the same `start_key`, which nobody has but who has opened the form: the same agreement is given
    back, while it is open.

    Rule: instalments-asked (ours; algeria.md 1, "échéancier")

    Raises:
        NoSuchDebt, NoInstalments, AskedAlready, DebtChanged, TermsChanged.
        CannotDo: one of `plan`'s; PhoneWrong.
        CaptchaNeeded, TooManyTries.
    """
    customer = find_customer_by_id(company_id=company.id, customer_id=customer_id)
    if customer is None:
        raise NoSuchDebt
    known = asked_before(customer_id=customer_id, start_key=start_key)
    if known is not None:
        return known
    number = read_phone(phone) if phone and settings.SMS_URL else ""
    preview_instalments(company=company, customer_id=customer_id, tranches=tranches, first=first, now=now)
    terms = terms_of_instalments(company, language=language, now=now)
    if terms is None or terms.id != terms_id:
        raise TermsChanged
    subject = visitor.subject() | {By.BILL: f"customer:{customer_id}"}
    verdict = weigh(counting=Scope.INSTALMENTS_ASKED, subject=subject, now=now)
    pass_or_raise(verdict, challenge_passed=challenge_passed)
    for recipient in filter(None, (email.lower(), number)):
        verdict = weigh(counting=Scope.UNCONFIRMED, subject={By.RECIPIENT: recipient}, now=now)
        pass_or_raise(verdict, challenge_passed=challenge_passed)
    with written_together("ask_instalments: asked"):
        hold_customer(customer_id)
        known = asked_before(customer_id=customer_id, start_key=start_key)
        if known is not None:
            return known
        debt = debt_of(customer_id)
        if debt != seen_debt:
            raise DebtChanged
        agreement = open_agreement(
            customer=customer,
            terms=terms,
            language=language,
            tranches=tranches,
            first=first,
            debt=debt,
            email=email,
            start_key=start_key,
            now=now,
        )
        if number:
            keep_phone(
                company_id=company.id,
                reference=reference_of(agreement),
                phone=number,
                language=language,
                left_with=None,
                now=now,
            )
        tell(agreement, AgreementEvent.ASKED, now=now)
    return agreement


def accept_offer(*, agreement_id: int, customer_id: int, seen_events: int, seen_debt: Money, now: datetime) -> None:
    """Its payer agrees to what the office offers: the agreement begins. The door knows his secret link.

    What has been paid since makes the debt smaller, and he has seen that sum. Of a larger one the office knows nothing:
    see `ask_again`.

    Rule: instalments-decided (ours; algeria.md 1)

    Raises:
        AgreementMoved: also when the office has changed its offer since he looked.
        DebtChanged, DebtHasGrown, BillsBeingPaid
        CannotDo: one of `plan`'s; NothingToShareOut when all has been paid meanwhile.
    """
    with written_together("accept_offer: agreed"):
        bills = lock_debt(customer_id)
        agreement = lock_agreement(agreement_id)
        _check_seen(agreement, seen_events)
        debt = total(facts_of(bill).left for bill in bills)
        if debt != seen_debt:
            raise DebtChanged
        if debt.centimes > agreement.total_centimes:
            raise DebtHasGrown
        agree(agreement, event=AgreementEvent.ACCEPTED, by=None, bills=bills, now=now)


def ask_again(*, agreement_id: int, seen_events: int, seen_debt: Money, now: datetime) -> None:
    """The debt has grown since the office made its offer: its payer asks for the same with the sum of today.

    Raises:
        AgreementMoved: also when the debt has not grown, and what is offered can be accepted.
        DebtChanged: not the sum that he saw.
    """
    with written_together("ask_again: asked"):
        agreement = lock_agreement(agreement_id)
        _check_seen(agreement, seen_events)
        debt = debt_of(agreement.customer_id)
        if debt != seen_debt:
            raise DebtChanged
        if debt.centimes <= agreement.total_centimes:
            raise AgreementMoved
        agreement.total_centimes = debt.centimes
        details = {"tranches": agreement.tranches, "debt_centimes": debt.centimes}
        move(agreement, event=AgreementEvent.ASKED, by=None, now=now, details=details, because="")


def take_back_wish(*, agreement_id: int, seen_events: int, now: datetime) -> None:
    """Its payer no longer wants it. Raises AgreementMoved when it has begun, or is over."""
    with written_together("take_back_wish: taken back"):
        agreement = lock_agreement(agreement_id)
        _check_seen(agreement, seen_events)
        move(agreement, event=AgreementEvent.TAKEN_BACK, by=None, now=now)


def _check_seen(agreement: Agreement, seen_events: int) -> None:
    if agreement.event_count != seen_events:
        raise AgreementMoved
