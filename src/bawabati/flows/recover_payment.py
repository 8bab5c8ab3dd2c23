"""Money that the gateway holds for an attempt which has ended otherwise becomes a new payment, linked to it."""

from datetime import datetime

from bawabati.adapters.gateways.contract import Paid
from bawabati.flows.steps.how_it_stands import ask_how_it_stands
from bawabati.flows.steps.recovery import take_in_after_the_end
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_recovery, get_payment
from bawabati.payments.rules import FINAL, State
from bawabati.payments.writes import lock_lines, lock_payment


def recover_payment(*, payment_id: int, now: datetime) -> Payment | None:
    """Asks the gateway once more and posts what it says is paid, with a receipt of its own. Safe to repeat and to race.

    None when there is nothing to recover: the attempt is open or paid, or the gateway does not say "paid" of exactly
    our order. Rule: recovered-payments (behaviour.md 2, "after the end")
    """
    payment = get_payment(payment_id)
    if not _ended_unpaid(payment):
        return None
    before = find_recovery(payment_id)
    if before is not None:
        return before
    answer = ask_how_it_stands(payment)
    if not isinstance(answer, Paid):
        return None
    with written_together("recover_payment: recovered"):
        lock_lines(payment_id)
        return take_in_after_the_end(lock_payment(payment_id), answer, now=now)


def _ended_unpaid(payment: Payment) -> bool:
    return payment.state in FINAL and payment.state != State.PAID
