"""Moving an agreement, and all that follows from it; in the caller's transaction, its bills locked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from bawabati.bills.models import Agreement, Bill, DebtRules
from bawabati.bills.reads import (
    any_bill_stands,
    debt_rules_of,
    facts_of,
    find_agreement_email,
    instalment_limits_of,
    list_bills_in,
    list_debts,
    list_tranches,
    patience_of,
)
from bawabati.bills.rules import (
    HAS_TRANCHES,
    OPEN_AGREEMENTS,
    AgreementEvent,
    AgreementFacts,
    AgreementState,
    Tranche,
    TrancheFacts,
    first_of_smaller,
    judge_agreement,
    plan,
)
from bawabati.bills.writes import (
    begin_tranches,
    end_tranches,
    erase_agreement_contact,
    lock_agreement,
    lock_bills,
    move_agreement,
)
from bawabati.companies.models import Company
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.money.amount import Money, total
from bawabati.notices.reads import find_phone
from bawabati.notices.rules import Means
from bawabati.notices.writes import erase_phone, write_notice
from bawabati.payments.reads import list_held_bill_ids
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day, built_in_holidays

TOLD = frozenset(AgreementEvent) - {AgreementEvent.FIRST_PAID, AgreementEvent.CAUGHT_UP, AgreementEvent.TAKEN_BACK}
"""What its payer is told of. What he has just done himself his own page shows him."""


class DebtChanged(CannotDo):
    """Not the sum that was seen."""

    code: ClassVar[str] = "debt_changed"
    sentence: ClassVar[str] = "The debt has changed meanwhile. Look at the new sum first."


class BillsBeingPaid(CannotDo):
    """Whoever pays one of the bills now must not pay it once more by a tranche."""

    code: ClassVar[str] = "bills_being_paid"
    sentence: ClassVar[str] = "One of these bills is being paid at this moment. Try again when that payment is over."


def reference_of(agreement: Agreement) -> str:
    """How messages and the audit name an agreement."""
    return f"agreement:{agreement.id}"


def debt_of(customer_id: int) -> Money:
    """What a customer owes that no agreement has yet."""
    return total(facts_of(bill).left for bill in list_debts(customer_id) if bill.tranche_of_id is None)


def plan_now(
    company: Company, rules: DebtRules, debt: Money, *, tranches: int, first: Money, now: datetime
) -> tuple[Tranche, ...]:
    """The tranches of a debt by the company's rules, if they were agreed now. Raises what `plan` raises."""
    return plan(
        debt,
        tranches=tranches,
        first=first,
        agreed_on=accounting_day(now),
        limits=instalment_limits_of(company, rules),
        holidays=built_in_holidays(),
    )


def planned(agreement: Agreement, debt: Money, *, now: datetime) -> tuple[Tranche, ...]:
    """What is asked, offered or agreed, as that debt has become since. Raises what `plan` raises."""
    return plan_now(
        agreement.company,
        debt_rules_of(agreement.company_id),
        debt,
        tranches=agreement.tranches,
        first=first_of_smaller(Money(agreement.first_centimes), debt),
        now=now,
    )


def agree(agreement: Agreement, *, event: AgreementEvent, by: Staff | None, bills: list[Bill], now: datetime) -> None:
    """The locked agreement has these locked bills from now on, cut into its tranches; its sums are what they come to.

    Raises:
        AgreementMoved, BillsBeingPaid.
        CannotDo: one of `plan`'s; NothingToShareOut when all has been paid meanwhile.
    """
    debt = total(facts_of(bill).left for bill in bills)
    agreement.first_centimes = first_of_smaller(Money(agreement.first_centimes), debt).centimes
    agreement.total_centimes = debt.centimes
    move(agreement, event=event, by=by, now=now, details={"debt_centimes": debt.centimes})
    if list_held_bill_ids(agreement.customer_id) & {bill.id for bill in bills}:
        raise BillsBeingPaid
    begin_tranches(agreement, bills=bills, tranches=planned(agreement, debt, now=now), now=now)


def lock_debt(customer_id: int) -> list[Bill]:
    """What a customer owes, oldest first, locked: what was paid while we waited is left out."""
    wanted = [bill.id for bill in list_debts(customer_id) if bill.tranche_of_id is None]
    locked = lock_bills(wanted)
    owed = [bill for bill in locked.values() if bill.in_agreement_id is None and facts_of(bill).left]
    return sorted(owed, key=lambda bill: (bill.due_on, bill.id))


def move(
    agreement: Agreement,
    *,
    event: AgreementEvent,
    by: Staff | None,
    now: datetime,
    details: Mapping[str, object] | None = None,
    because: str | None = None,
) -> None:
    """Moves a locked agreement, frees its bills where it ends, and tells its payer.

    Once it is over and the last message is written, where its payer was written to is forgotten: the message has an
    address of its own, which is erased in its time. Rule: agreement-contacts-erased (law 18-07)

    Raises AgreementMoved.
    """
    had_tranches = agreement.state in HAS_TRANCHES
    move_agreement(agreement, event=event, by=by, now=now, details=details, because=because)
    if had_tranches and agreement.state not in HAS_TRANCHES:
        end_tranches(agreement)
    if event in TOLD:
        tell(agreement, event, now=now)
    if agreement.state not in OPEN_AGREEMENTS:
        erase_agreement_contact(agreement.id)
        erase_phone(company_id=agreement.company_id, reference=reference_of(agreement))


def follow(agreement_ids: Iterable[int], *, now: datetime) -> None:
    """What has become of these agreements by what was just paid, and by time. Safe to repeat.

    Their bills are locked, or this is the end of what changes them.
    """
    for agreement_id in sorted(set(agreement_ids)):
        agreement = lock_agreement(agreement_id)
        while (event := _judge(agreement, now)) is not None:
            move(agreement, event=event, by=None, now=now)


def follow_bills(bills: Iterable[Bill], *, now: datetime) -> None:
    """The same for the agreements that have these bills."""
    follow([bill.in_agreement_id for bill in bills if bill.in_agreement_id is not None], now=now)


def _judge(agreement: Agreement, now: datetime) -> AgreementEvent | None:
    state = AgreementState(agreement.state)
    tranches = list_tranches(agreement.id) if state in HAS_TRANCHES else []
    own = list_bills_in(agreement.id) if state in HAS_TRANCHES else []
    facts = AgreementFacts(
        state=state,
        tranches=[TrancheFacts(due_on=tranche.due_on, left=facts_of(tranche).left) for tranche in tranches],
        debt=total(facts_of(bill).left for bill in own) if tranches else debt_of(agreement.customer_id),
        waits_since=accounting_day(agreement.answered_at or agreement.asked_at),
        is_held=bool(list_held_bill_ids(agreement.customer_id) & {bill.id for bill in own}),
        any_bill_stands=not tranches or any_bill_stands(agreement.id),
    )
    rules = debt_rules_of(agreement.company_id)
    return judge_agreement(facts, today=accounting_day(now), patience=patience_of(rules), holidays=built_in_holidays())


def tell(agreement: Agreement, event: AgreementEvent, *, now: datetime) -> None:
    """To whoever left an e-mail or a telephone number; it leaves once the transaction holds."""
    email = find_agreement_email(agreement.id)
    if email:
        _write(agreement, event, Means.EMAIL, email, now)
    phone = find_phone(company_id=agreement.company_id, reference=reference_of(agreement)) if settings.SMS_URL else None
    if phone is not None:
        _write(agreement, event, Means.SMS, phone.phone, now)


def _write(agreement: Agreement, event: AgreementEvent, means: Means, address: str, now: datetime) -> None:
    notice = write_notice(
        company_id=agreement.company_id,
        means=means,
        kind=f"instalments_{event}",
        reference=reference_of(agreement),
        language=agreement.language,
        address=address,
        now=now,
    )
    defer(Job.SEND_NOTICE, notice_id=notice.id)
