"""Agreements to pay in instalments: asked, moved along their table, ended.

`move_agreement` is the only function that assigns an agreement's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from bawabati.bills.models import Agreement, AgreementContact, AgreementEvent, Customer, DebtRules
from bawabati.bills.rules import OPEN_AGREEMENTS, AgreementState, next_agreement_state
from bawabati.bills.rules import AgreementEvent as Event
from bawabati.companies.models import CompanyText
from bawabati.money.amount import Money
from bawabati.people.models import Staff


def open_agreement(
    *,
    customer: Customer,
    terms: CompanyText,
    language: str,
    tranches: int,
    first: Money,
    debt: Money,
    email: str,
    start_key: str,
    now: datetime,
) -> Agreement:
    """What somebody asks for, as he accepted it. The database refuses a second one while the first is open."""
    agreement = Agreement.objects.create(
        company_id=customer.company_id,
        customer=customer,
        language=language,
        terms=terms,
        tranches=tranches,
        first_centimes=first.centimes,
        total_centimes=debt.centimes,
        asked_at=now,
        start_key=start_key,
    )
    _write_event(agreement, Event.ASKED, from_state="", by=None, details={"tranches": tranches}, now=now)
    if email:
        AgreementContact.objects.create(agreement=agreement, company_id=agreement.company_id, email=email)
    return agreement


def lock_agreement(agreement_id: int) -> Agreement:
    """The agreement with its customer and company, locked until the transaction ends; after its bills."""
    found = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("customer", "company")
    return found.get(id=agreement_id)


def move_agreement(
    agreement: Agreement,
    *,
    event: Event,
    by: Staff | None,
    now: datetime,
    details: Mapping[str, object] | None = None,
    because: str | None = None,
) -> None:
    """Moves a locked agreement along its table, and writes down what happened. `by` None: its payer, or time.

    Raises AgreementMoved when the table has no such step.
    """
    before = AgreementState(agreement.state)
    agreement.state = next_agreement_state(before, event)
    agreement.event_count += 1
    if event in {Event.APPROVED, Event.OFFERED, Event.REFUSED, Event.ACCEPTED}:
        agreement.answered_at = now
        agreement.answered_by = by or agreement.answered_by
    if because is not None:
        agreement.because = because
    if agreement.state not in OPEN_AGREEMENTS:
        agreement.ended_at = now
    agreement.save()
    _write_event(agreement, event, from_state=before, by=by, details=details or {}, now=now)


def _write_event(
    agreement: Agreement,
    event: Event,
    *,
    from_state: str,
    by: Staff | None,
    details: Mapping[str, object],
    now: datetime,
) -> None:
    AgreementEvent.objects.create(
        company_id=agreement.company_id,
        agreement=agreement,
        sequence=agreement.event_count,
        event=event,
        from_state=from_state,
        to_state=agreement.state,
        by=by,
        details=dict(details),
        at=now,
    )


def hold_customer(customer_id: int) -> None:
    """Until the transaction ends, nobody else asks for an agreement of this customer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM bills_customer WHERE id = %s FOR NO KEY UPDATE", [customer_id])


def lock_debt_rules(company_id: int) -> DebtRules:
    """What the company lets a debtor do, written down where it was not yet, locked until the transaction ends."""
    DebtRules.objects.get_or_create(company_id=company_id)
    return DebtRules.objects.select_for_update().get(company_id=company_id)


def change_debt_rules(rules: DebtRules, columns: Mapping[str, object]) -> dict[str, list[object]]:
    """The locked row says `columns` from now on; each that changed, with what it said before and says now."""
    changed = {name: [getattr(rules, name), value] for name, value in columns.items() if getattr(rules, name) != value}
    for name, (_, value) in changed.items():
        setattr(rules, name, value)
    rules.save()
    return changed
