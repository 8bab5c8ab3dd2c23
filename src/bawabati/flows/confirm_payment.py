"""What happened to a payment? Ask the gateway, judge its answer, and do all of what follows at once.

The return page, a look at a bill that is being paid and the sweeper all call this one function; a hundred calls change
the world once. Nothing that a browser or a message says is believed: it only tells us to ask.
"""

from datetime import datetime
from typing import assert_never

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused
from bawabati.flows.steps.alarm import tell_the_office
from bawabati.flows.steps.how_it_stands import ask_how_it_stands
from bawabati.flows.steps.recovery import take_in_after_the_end
from bawabati.flows.steps.schedule import schedule
from bawabati.flows.steps.settle import settle
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope
from bawabati.guard.writes import note
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, get_payment, list_lines
from bawabati.payments.rules import (
    FINAL,
    Event,
    Question,
    State,
    Verdict,
    judge,
    question_about,
    question_comes_at,
)
from bawabati.payments.writes import (
    apply,
    lock_lines,
    lock_payment,
    note_answer,
    note_confirmation,
    note_exchanges,
    postpone_question,
    record_oddity,
)
from bawabati.workdays import accounting_day


def confirm_payment(*, payment_id: int, now: datetime, came_back_by_fail: bool = False) -> State:
    """Asks the gateway about an attempt and moves it as the answer allows. Safe to repeat, and to race.

    On "paid", in one transaction: the state, the books, the bills, the receipt's number and the notice that leaves.
    Without a readable answer nothing changes but the time of the next question. Rule: three-doors (house.md 5)
    """
    payment = get_payment(payment_id)
    match question_about(attempt_of(payment), now=now, schedule=schedule()):
        case Question.NOTHING:
            _come_back_later(payment)
            return State(payment.state)
        case Question.NEVER_SENT:
            answer: AskAnswer = NotDone(reason="never_sent")
        case Question.WHAT_HAPPENED:
            answer = ask_how_it_stands(payment)
        case never:
            assert_never(never)
    with written_together("confirm_payment: answer kept"):
        state, event = _take_in(payment_id, answer, came_back_by_fail=came_back_by_fail, now=now)
    if event is Event.DECLINED and isinstance(answer, Refused) and answer.cause is Cause.DECLINED:
        _count_refusal(payment, now)
    return state


def _take_in(
    payment_id: int, answer: AskAnswer, *, came_back_by_fail: bool, now: datetime
) -> tuple[State, Event | None]:
    """Locks, judges what is locked, and does all that follows. Gives the event only to whoever moved the payment."""
    lines = lock_lines(payment_id) if isinstance(answer, Paid) else []
    payment = lock_payment(payment_id)
    verdict = judge(
        attempt=attempt_of(payment),
        answer=answer,
        now=now,
        schedule=schedule(),
        came_back_by_fail=came_back_by_fail,
    )
    if payment.state in FINAL:
        if isinstance(answer, Paid) and payment.state != State.PAID:
            take_in_after_the_end(payment, answer, now=now)
        note_exchanges(payment, said=answer.said, now=now)
        return State(payment.state), None
    if verdict.event is None:
        note_answer(payment, verdict=verdict, answer=answer, now=now)
    elif verdict.event is Event.CONFIRMED:
        note_confirmation(payment, accounted_on=accounting_day(now), now=now)
        apply(payment, event=verdict.event, verdict=verdict, answer=answer, now=now)
        settle(payment=payment, lines=lines, now=now)
    else:
        apply(payment, event=verdict.event, verdict=verdict, answer=answer, now=now)
    _say_what_is_odd(payment, verdict, answer, now)
    return State(payment.state), verdict.event


def _come_back_later(payment: Payment) -> None:
    """Whoever holds a lease on it gives it back: nobody's hands stay full of what there is nothing to ask about."""
    if payment.state not in FINAL:
        until = question_comes_at(attempt_of(payment), schedule=schedule())
        with written_together("confirm_payment: postponed"):
            postpone_question(payment_id=payment.id, until=until)


def _say_what_is_odd(payment: Payment, verdict: Verdict, answer: AskAnswer, now: datetime) -> None:
    """What is odd is written down, and a person is told."""
    if verdict.alarm is None:
        return
    if payment.state not in FINAL:
        record_oddity(payment, oddity=verdict.alarm, said=answer.said, now=now)
    tell_the_office(payment, verdict.alarm, said=answer.said, now=now)


def _count_refusal(payment: Payment, now: datetime) -> None:
    """So that a bill is not used to try stolen cards on. Rule: limits (failures.md 5.5)"""
    for line in list_lines(payment.id):
        note(Scope.DECLINE, subject={By.BILL: f"bill:{line.bill_id}"}, now=now)
