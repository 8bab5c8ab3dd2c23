"""Carrying out an approved refund. Whatever happens in between, it happens once, or a person is asked.

The gateway does not refuse a repeated partial refund. So what it holds is read just before and kept as baseline,
and the refund is claimed in a transaction of its own, before the first byte leaves. After an unknown outcome what it
holds is read again, twice, before anything is repeated. Rule: refund-not-repeated-blindly (behaviour.md 4)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic

from bawabati.adapters.gateways.contract import RefundAnswer
from bawabati.flows.steps.gateway import gateway_of, let_go_of_the_connection, place_at
from bawabati.flows.steps.held import read_held
from bawabati.flows.steps.money_back import ask_a_person, end_refund, tell_payer
from bawabati.flows.steps.side_effects import outside, written_together
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.reads import get_refund, given_back, refund_at_gateway
from bawabati.payments.rules import (
    FINAL_REFUND,
    READ_FIRST_AFTER,
    RefundState,
    RefundStep,
    RefundVerdict,
    judge_baseline,
    judge_reading,
    judge_refund_answer,
    next_refund_state,
)
from bawabati.payments.writes import (
    evidence_of,
    lock_lines,
    lock_payment,
    lock_refund,
    move_refund,
    note_baseline,
    note_exchanges,
    note_reading,
)
from bawabati.people.writes import system_account


def refund_payment(*, refund_id: int, now: datetime) -> RefundState:
    """Does the next step of a refund, if it has one now. Safe to repeat, and to race."""
    refund = get_refund(refund_id)
    match RefundState(refund.state):
        case RefundState.APPROVED:
            return _send(refund, now)
        case RefundState.REFUNDING if refund.next_step_at is not None and refund.next_step_at <= now:
            return _find_out(refund, now)
        case state:
            return state


def _send(known: Refund, now: datetime) -> RefundState:
    """Reads, claims, sends, keeps the answer. Nobody else sends what one has claimed.

    Not even the one who claimed it, when he has stood still until others began to read: they may have found that it
    did not happen, and sent it again.
    """
    began = monotonic()
    reading = read_held(known.payment)
    held = reading.held
    gateway = gateway_of(known.payment.gateway_account)
    with place_at(gateway) as has_place:
        with written_together("refund_payment: claimed"):
            note_exchanges(known.payment, said=reading.said, now=now)
            refund = lock_refund(known.id)
            if refund.state != RefundState.APPROVED or refund.tries != known.tries:
                return RefundState(refund.state)
            verdict = judge_baseline(held=held if has_place else None, expected=_expected(known), now=now)
            if held is not None and verdict.step is RefundStep.CLAIMED:
                note_baseline(refund, held)
            _keep(refund, verdict, evidence={"held_centimes": None if held is None else held.centimes}, now=now)
        if verdict.step is not RefundStep.CLAIMED:
            return RefundState(refund.state)
        let_go_of_the_connection()
        if monotonic() - began >= READ_FIRST_AFTER.total_seconds():
            return RefundState(refund.state)
        with outside("refund_payment: refund"):
            answer = gateway.refund(
                reference=known.payment.gateway_reference or "",
                amount=Money(known.amount_centimes),
                language=known.payment.language,  # type: ignore[arg-type]  # the site's languages are the gateway's
                name=f"{known.payment.order_number}-{known.id}",
            )
    with written_together("refund_payment: answer kept"):
        return _take_in(refund, answer, now)


def _take_in(claimed: Refund, answer: RefundAnswer, now: datetime) -> RefundState:
    """Somebody may have found out meanwhile what became of it, or given it up: then nothing is left to do."""
    lines, payment, refund = _lock(claimed)
    note_exchanges(payment, said=answer.said, now=now)
    if refund.state != RefundState.REFUNDING or refund.tries != claimed.tries:
        return RefundState(refund.state)
    verdict = judge_refund_answer(answer, tries=refund.tries, now=now)
    _keep(refund, verdict, evidence=evidence_of(answer.said), now=now, payment=payment, lines=lines)
    return RefundState(refund.state)


def _find_out(known: Refund, now: datetime) -> RefundState:
    """Nobody knows what became of it: what does the gateway hold now?"""
    reading = read_held(known.payment)
    held = reading.held
    with written_together("refund_payment: reading kept"):
        lines, payment, refund = _lock(known)
        note_exchanges(payment, said=reading.said, now=now)
        if refund.state != RefundState.REFUNDING or refund.tries != known.tries:
            return RefundState(refund.state)
        verdict = judge_reading(refund_at_gateway(refund), held=held, now=now)
        evidence = {"held_centimes": None if held is None else held.centimes}
        _keep(refund, verdict, evidence=evidence, now=now, payment=payment, lines=lines)
    return RefundState(refund.state)


def _lock(known: Refund) -> tuple[Sequence[PaymentLine], Payment, Refund]:
    """Bills, payment, refund: in the house's order."""
    return lock_lines(known.payment_id), lock_payment(known.payment_id), lock_refund(known.id)


def _expected(refund: Refund) -> Money:
    """What the gateway holds by our books."""
    return Money(refund.payment.amount_centimes) - given_back(refund.payment_id, through_the_gateway=True)


def _keep(
    refund: Refund,
    verdict: RefundVerdict,
    *,
    evidence: Mapping[str, object],
    now: datetime,
    payment: Payment | None = None,
    lines: Sequence[PaymentLine] = (),
) -> None:
    """Moves the refund as the verdict says. What only a person can decide becomes a person's case."""
    if verdict.step is None:
        note_reading(refund, verdict)
        return
    by = system_account(now=now)
    if payment is not None and next_refund_state(RefundState(refund.state), verdict.step) in FINAL_REFUND:
        end_refund(refund, payment, lines, step=verdict.step, by=by, evidence=evidence, now=now)
        return
    move_refund(
        refund,
        step=verdict.step,
        by=by,
        evidence=evidence,
        next_step_at=verdict.next_step_at,
        reason=verdict.reason,
        now=now,
    )
    if refund.state == RefundState.MANUAL:
        ask_a_person(refund, why=verdict.reason, now=now)
        tell_payer(refund, payment or refund.payment, now=now)
