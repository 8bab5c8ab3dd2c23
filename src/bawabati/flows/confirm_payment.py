"""What happened to a payment? Ask the gateway, judge its answer, and do all of what follows at once.

The return page, a callback and the sweeper all call this one function; a hundred calls change the world once. Nothing
that a browser or a callback says is believed: it only tells us to ask.
"""

from datetime import datetime

from django.db import transaction

from bawabati.adapters.gateways.contract import AskAnswer, Paid
from bawabati.flows.steps.gateway import gateway_of
from bawabati.flows.steps.schedule import schedule
from bawabati.flows.steps.settle import settle
from bawabati.flows.steps.work_item import open_work_item
from bawabati.guard.rules import By, Scope, Visitor
from bawabati.guard.writes import note
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, get_payment, list_lines
from bawabati.payments.rules import FINAL, Event, State, Verdict, judge
from bawabati.payments.writes import apply, lock_lines, lock_payment, note_answer, note_confirmation, record_oddity
from bawabati.workdays import accounting_day

NOBODY = Visitor(address="")


def confirm_payment(
    *, payment_id: int, now: datetime, came_back_by_fail: bool = False, visitor: Visitor = NOBODY
) -> State:
    """Asks the gateway about an attempt and moves it as the answer allows. Safe to repeat, and to race.

    On "paid", in one transaction: the state, the books, the bills, the receipt's number and the notice that leaves.
    Without a readable answer nothing changes but the time of the next question. A refusal counts against whoever
    came back with it. Rule: three-doors (house.md 5)
    """
    payment = get_payment(payment_id)
    if payment.state in FINAL:
        return State(payment.state)
    answer = _ask_about(payment)
    with transaction.atomic(durable=True):
        lines = lock_lines(payment_id) if isinstance(answer, Paid) else []
        payment = lock_payment(payment_id)
        verdict = judge(
            attempt=attempt_of(payment),
            answer=answer,
            now=now,
            schedule=schedule(),
            came_back_by_fail=came_back_by_fail,
        )
        if verdict.event is None:
            _keep(payment, verdict, answer, now)
        elif verdict.event is Event.CONFIRMED:
            note_confirmation(payment, accounted_on=accounting_day(now), now=now)
            apply(payment, event=verdict.event, verdict=verdict, said=answer.said, now=now)
            settle(payment=payment, lines=lines, now=now)
        else:
            apply(payment, event=verdict.event, verdict=verdict, said=answer.said, now=now)
    if verdict.event is Event.DECLINED:
        _count_refusal(payment, visitor, now)
    return State(payment.state)


def _ask_about(payment: Payment) -> AskAnswer:
    """By the gateway's reference; by our own number when the reference never reached us."""
    gateway = gateway_of(payment.gateway_account)
    if payment.gateway_reference is None:
        return gateway.ask_by_number(order_number=payment.order_number, language=payment.language)  # type: ignore[arg-type]
    return gateway.ask(reference=payment.gateway_reference, language=payment.language)  # type: ignore[arg-type]


def _count_refusal(payment: Payment, visitor: Visitor, now: datetime) -> None:
    """So that a bill is not used to try stolen cards on. Rule: limits (failures.md 5.5)"""
    for line in list_lines(payment.id):
        note(Scope.DECLINE, subject=visitor.subject() | {By.BILL: f"bill:{line.bill_id}"}, now=now)


def _keep(payment: Payment, verdict: Verdict, answer: AskAnswer, now: datetime) -> None:
    """Nothing moves; a final state keeps nothing more. What is odd is written down, and a person is told."""
    if payment.state in FINAL:
        return
    note_answer(payment, verdict=verdict, said=answer.said)
    if verdict.alarm is not None:
        record_oddity(payment, oddity=verdict.alarm, said=answer.said, now=now)
        open_work_item(
            company_id=payment.company_id,
            kind="mismatch",
            reference=f"payment:{payment.id}",
            amount=Money(payment.amount_centimes),
            details={"oddity": verdict.alarm},
            now=now,
        )
