"""Time has come for a sale: nobody went on with it, a bridge is silent, or its reader is to be asked again."""

from datetime import datetime

from bawabati.flows.steps.hear_reader import ask_again, follow, lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import Sale
from bawabati.payments.reads import sale_attempt_of
from bawabati.payments.rules.sales import (
    IDLE_AFTER,
    OrderKind,
    SaleAlarm,
    SaleEvent,
    SaleState,
    SaleVerdict,
    judge_silence,
)
from bawabati.payments.writes import lock_waiting_orders, save_sale, withdraw


def go_on_with_sale(*, sale_id: int, now: datetime) -> SaleState:
    """Does what time brings. Safe to repeat, and to race. Rule: sale-silence (readers.md 3, R5)

    Nothing waits here: what is to be asked of a reader becomes an order that its bridge fetches.
    """
    with written_together("go_on_with_sale: gone on"):
        sale = lock_whole_sale(sale_id)
        if sale.next_step_at is None or sale.next_step_at > now:
            return SaleState(sale.state)
        _heed_a_clock_that_was_set_back(sale, now)
        verdict = judge_silence(sale_attempt_of(sale), now=now)
        if sale.state == SaleState.OPENED and verdict.events:
            for order in lock_waiting_orders(sale, OrderKind.PAY):
                withdraw(order, now=now)
        if sale.state == SaleState.REVERSING:
            verdict = _unless_nobody_fetches_it(sale, verdict, now)
        follow(sale, verdict, said=None, now=now)
        if sale.state in {SaleState.UNKNOWN, SaleState.REVERSING}:
            ask_again(sale, now=now)
            sale.next_step_at = judge_silence(sale_attempt_of(sale), now=now).next_step_at
            save_sale(sale, "next_step_at", "abort_asked_at")
    return SaleState(sale.state)


def _heed_a_clock_that_was_set_back(sale: Sale, now: datetime) -> None:
    """What was noted at a moment that is yet to come is noted anew: else a day would pass before it counts (I14)."""
    if sale.unknown_since is not None and sale.unknown_since > now:
        sale.unknown_since = now
    if sale.not_found_at is not None and sale.not_found_at > now:
        sale.not_found_at, sale.not_found_count = None, 0
    save_sale(sale, "unknown_since", "not_found_at", "not_found_count")


def _unless_nobody_fetches_it(sale: Sale, verdict: SaleVerdict, now: datetime) -> SaleVerdict:
    """A reversal that no bridge has taken in time is withdrawn: nothing was sent, and people decide."""
    for order in lock_waiting_orders(sale, OrderKind.REVERSE):
        if now >= order.put_at + IDLE_AFTER:
            withdraw(order, now=now)
            return SaleVerdict(events=(SaleEvent.REVERSAL_FAILED,), alarm=SaleAlarm.REVIEW)
    return verdict
