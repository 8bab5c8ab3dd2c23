"""Refunds: asked for, moved along their table, and the worker's turn. Inside a transaction that a flow opened."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from bawabati.bills.models import Bill
from bawabati.money.amount import Money
from bawabati.payments.models import CreditUse, Payment, Refund, RefundEvent, RefundPart
from bawabati.payments.rules import (
    FINAL_REFUND,
    Part,
    RefundKind,
    RefundReason,
    RefundState,
    RefundStep,
    RefundVerdict,
    next_refund_state,
)
from bawabati.people.models import Staff


def open_refund(
    *,
    payment: Payment,
    kind: RefundKind,
    reason: RefundReason,
    because: str,
    amount: Money,
    parts: Sequence[Part],
    requested_by: Staff,
    now: datetime,
) -> Refund:
    """A refund that waits for another person. The database refuses a second one while the first is open."""
    refund = Refund.objects.create(
        company_id=payment.company_id,
        payment=payment,
        kind=kind,
        reason=reason,
        because=because,
        amount_centimes=amount.centimes,
        requested_by=requested_by,
        requested_at=now,
        event_count=1,
    )
    for part in parts:
        RefundPart.objects.create(
            company_id=payment.company_id, refund=refund, line_id=part.line_id, amount_centimes=part.amount.centimes
        )
    _write_event(refund, step="requested", from_state="", by=requested_by, evidence={"because": because}, now=now)
    return refund


def lock_refund(refund_id: int) -> Refund:
    """The refund, locked until the transaction ends. After the bills and the payment in the house's order."""
    return Refund.objects.select_for_update(no_key=True).get(id=refund_id)


def lock_refunds_of_day(company_id: int) -> None:
    """Nobody else approves a refund of this company until the transaction ends. The last lock of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payments_refund'), %s)", [company_id])


def move_refund(
    refund: Refund,
    *,
    step: RefundStep,
    by: Staff,
    evidence: Mapping[str, object],
    now: datetime,
    next_step_at: datetime | None = None,
    reason: str = "",
) -> None:
    """Moves a locked refund along its table and writes the event beside it. Raises RefundStepNotAllowed."""
    before = RefundState(refund.state)
    after = next_refund_state(before, step)
    refund.state = after
    refund.event_count += 1
    refund.next_step_at = next_step_at
    refund.last_reason = reason[:40]
    if before is RefundState.REQUESTED:
        refund.decided_by, refund.decided_at = by, now
    if step is RefundStep.CLAIMED:
        refund.tries += 1
        refund.unchanged_since = None
    if step is RefundStep.GIVEN_OTHERWISE:
        refund.past_the_gateway = True
    if after in FINAL_REFUND:
        refund.ended_at = now
    refund.save()
    _write_event(refund, step=step, from_state=before, by=by, evidence=evidence, now=now)


def note_baseline(refund: Refund, baseline: Money) -> None:
    """Keeps what the gateway held just before. Saved by the `move_refund` that follows."""
    refund.baseline_centimes = baseline.centimes


def note_reading(refund: Refund, verdict: RefundVerdict) -> None:
    """Keeps what a reading taught about a locked refund that stays where it is."""
    refund.next_step_at = verdict.next_step_at
    refund.unchanged_since = verdict.unchanged_since
    refund.last_reason = verdict.reason[:40]
    refund.save(update_fields=["next_step_at", "unchanged_since", "last_reason"])


def postpone_refund(*, refund_id: int, until: datetime) -> None:
    """Puts the worker's next step off, if it has one. Safe to repeat."""
    Refund.objects.filter(id=refund_id, next_step_at__lt=until).update(next_step_at=until)


def write_credit_use(
    *, bill: Bill, amount: Money, because: str, applied_by: Staff, key: str, now: datetime
) -> CreditUse:
    """A part of the customer's credit put to one of his bills. Not safe to repeat: each call is another part."""
    return CreditUse.objects.create(
        company_id=bill.company_id,
        customer_id=bill.customer_id,
        bill=bill,
        amount_centimes=amount.centimes,
        because=because[:200],
        key=key,
        applied_by=applied_by,
        at=now,
    )


def _write_event(
    refund: Refund, *, step: str, from_state: str, by: Staff, evidence: Mapping[str, object], now: datetime
) -> None:
    RefundEvent.objects.create(
        company_id=refund.company_id,
        refund=refund,
        sequence=refund.event_count,
        event=step,
        from_state=from_state,
        to_state=refund.state,
        by=by,
        evidence=dict(evidence),
        at=now,
    )
