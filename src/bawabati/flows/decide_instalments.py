"""The office answers a wish for instalments, and may end an agreement early."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.models import Agreement
from bawabati.bills.reads import debt_rules_of, facts_of, find_agreement, list_agreement_bills
from bawabati.bills.rules import AgreementEvent, AgreementMoved
from bawabati.bills.writes import lock_agreement, lock_bills
from bawabati.companies.models import Company
from bawabati.flows.steps.agreement_moves import (
    BillsBeingPaid,
    DebtChanged,
    agree,
    debt_of,
    lock_debt,
    move,
    plan_now,
    reference_of,
)
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money, total
from bawabati.payments.reads import list_held_bill_ids
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def approve_instalments(*, company: Company, agreement_id: int, seen_debt: Money, login: str, now: datetime) -> None:
    """Agrees to what was asked: the tranches are there from now on, and the bills are paid by them alone.

    What has been paid meanwhile makes the debt smaller; a larger one than was asked about is offered anew instead.

    Rule: instalments-decided (ours; algeria.md 1)

    Raises:
        NotAllowed, AgreementMoved, DebtChanged, BillsBeingPaid.
        CannotDo: one of `plan`'s; NothingToShareOut when all has been paid meanwhile.
    """
    staff = get_staff_allowed(login=login, action=Action.DECIDE_INSTALMENTS, company_id=company.id)
    found = _of_company(company, agreement_id)
    with written_together("approve_instalments: agreed"):
        bills = lock_debt(found.customer_id)
        agreement = lock_agreement(agreement_id)
        debt = total(facts_of(bill).left for bill in bills)
        if debt != seen_debt or debt.centimes > agreement.total_centimes:
            raise DebtChanged
        agree(agreement, event=AgreementEvent.APPROVED, by=staff, bills=bills, now=now)
        _record(agreement, staff, "approve_instalments", "", now)


def offer_instalments(
    *,
    company: Company,
    agreement_id: int,
    tranches: int,
    first: Money,
    because: str,
    seen_debt: Money,
    login: str,
    now: datetime,
) -> None:
    """Offers something else than was asked; its payer agrees to it or does not.

    Raises:
        NotAllowed, AgreementMoved, DebtChanged, WordsMissing and its kin.
        CannotDo: one of `plan`'s.
    """
    because = check_words(because)
    staff = get_staff_allowed(login=login, action=Action.DECIDE_INSTALMENTS, company_id=company.id)
    found = _of_company(company, agreement_id)
    with written_together("offer_instalments: offered"):
        agreement = lock_agreement(agreement_id)
        debt = debt_of(found.customer_id)
        if debt != seen_debt:
            raise DebtChanged
        plan_now(company, debt_rules_of(company.id), debt, tranches=tranches, first=first, now=now)
        agreement.tranches, agreement.first_centimes = tranches, first.centimes
        agreement.total_centimes = debt.centimes
        move(
            agreement,
            event=AgreementEvent.OFFERED,
            by=staff,
            now=now,
            because=because,
            details={"tranches": tranches, "first_centimes": first.centimes, "debt_centimes": debt.centimes},
        )
        _record(agreement, staff, "offer_instalments", because, now)


def refuse_instalments(*, company: Company, agreement_id: int, because: str, login: str, now: datetime) -> None:
    """Says no, and why. Raises NotAllowed, AgreementMoved, WordsMissing and its kin."""
    because = check_words(because)
    staff = get_staff_allowed(login=login, action=Action.DECIDE_INSTALMENTS, company_id=company.id)
    _of_company(company, agreement_id)
    with written_together("refuse_instalments: refused"):
        agreement = lock_agreement(agreement_id)
        move(agreement, event=AgreementEvent.REFUSED, by=staff, now=now, because=because)
        _record(agreement, staff, "refuse_instalments", because, now)


def end_agreement(*, company: Company, agreement_id: int, because: str, login: str, now: datetime) -> None:
    """Ends an agreement before all is paid: its bills owe for themselves again, with what is left of each.

    Raises:
        NotAllowed, AgreementMoved, WordsMissing and its kin.
        BillsBeingPaid: somebody pays one of the tranches at this moment.
    """
    because = check_words(because)
    staff = get_staff_allowed(login=login, action=Action.DECIDE_INSTALMENTS, company_id=company.id)
    found = _of_company(company, agreement_id)
    with written_together("end_agreement: ended"):
        own = lock_bills(row.bill_id for row in list_agreement_bills(agreement_id))
        if list_held_bill_ids(found.customer_id) & own.keys():
            raise BillsBeingPaid
        agreement = lock_agreement(agreement_id)
        move(agreement, event=AgreementEvent.ENDED, by=staff, now=now, because=because)
        _record(agreement, staff, "end_agreement", because, now)


def _of_company(company: Company, agreement_id: int) -> Agreement:
    """Raises AgreementMoved when it is another company's, or nobody's."""
    found = find_agreement(agreement_id, company_id=company.id)
    if found is None:
        raise AgreementMoved
    return found


def _record(agreement: Agreement, staff: Staff, action: str, because: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=agreement.company_id,
        action=action,
        target=reference_of(agreement),
        details={"tranches": agreement.tranches, "because": because},
        now=now,
    )
