"""Money of an attempt that has ended otherwise: posted by a new payment beside it, in the caller's transaction."""

from datetime import datetime

from bawabati.adapters.gateways.contract import Paid
from bawabati.flows.steps.alarm import tell_the_office
from bawabati.flows.steps.settle import settle
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, find_recovery, list_lines
from bawabati.payments.rules import Alarm, Event, Verdict, is_ours
from bawabati.payments.writes import apply, note_confirmation, open_recovered
from bawabati.workdays import accounting_day


def take_in_after_the_end(ended: Payment, answer: Paid, *, now: datetime) -> Payment | None:
    """The payment that posts the money; None when the answer is not exactly ours, of which the office is told.

    The bills of `ended`, and then itself, are locked, and it has ended unpaid: a final state is never left. Safe to
    repeat: what was recovered before is given back. Rule: recovered-payments (behaviour.md 2, "after the end")
    """
    if not is_ours(answer.said, attempt_of(ended)):
        tell_the_office(ended, Alarm.MISMATCH, said=answer.said, now=now)
        return None
    before = find_recovery(ended.id)
    if before is not None:
        return before
    tell_the_office(ended, Alarm.PAID_AFTER_END, said=answer.said, now=now)
    payment = open_recovered(ended, now=now)
    note_confirmation(payment, accounted_on=accounting_day(now), now=now)
    verdict = Verdict(event=Event.RECOVERED, next_ask_at=None)
    apply(payment, event=Event.RECOVERED, verdict=verdict, answer=answer, now=now)
    settle(payment=payment, lines=list_lines(payment.id), now=now)
    return payment
