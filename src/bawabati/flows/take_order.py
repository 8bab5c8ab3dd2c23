"""A bridge is about to do what it was told: from here on a reader may have it."""

from datetime import datetime

from bawabati.companies.reads import find_bridge
from bawabati.companies.rules import Protocol
from bawabati.flows.steps.bridge_order import get_order_or_say
from bawabati.flows.steps.hear_reader import ask_again, evidence_of, follow, lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import ReaderOrder, Sale
from bawabati.payments.reads import sale_attempt_of
from bawabati.payments.rules.sales import (
    TAKEN_FIRST,
    OrderKind,
    OrderState,
    Outcome,
    ReaderSaid,
    SaleEvent,
    SaleState,
    answer_expected_at,
    judge_sale,
)
from bawabati.payments.writes import finish, lock_order, move_sale, save_sale, take, withdraw

TOO_LATE = "taken_too_late"
ANOTHER_JOURNAL = "taken_before_enrolment"


def take_order(*, bridge_id: int, order_id: int, now: datetime) -> bool:
    """Whether the bridge may go on. Safe to repeat: it is told the same while the sale waits for that order.

    A payment is `sent` from this moment. Rule: taken-before-sent (readers.md 3, R1)

    Raises:
        NoSuchOrder.
    """
    known = get_order_or_say(bridge_id=bridge_id, order_id=order_id)
    with written_together("take_order: taken"):
        sale = lock_whole_sale(known.sale_id) if known.sale_id is not None else None
        order = lock_order(order_id)
        if order.state in {OrderState.DONE, OrderState.WITHDRAWN}:
            return False
        if sale is not None and _was_taken_before_enrolment(order):
            _end(sale, order, ReaderSaid(outcome=Outcome.UNKNOWN, reason=ANOTHER_JOURNAL), now)
            return False
        if sale is not None and not _is_still_wanted(sale, order):
            _forget(sale, order, now)
            return False
        if order.state == OrderState.TAKEN:
            return True
        take(order, now=now)
        if sale is not None and order.kind == OrderKind.PAY and sale.state == SaleState.OPENED:
            sale.boot_when_sent = sale.reader.boot if sale.reader else ""
            until = answer_expected_at(protocol=Protocol(order.reader.protocol), sent_at=now)
            move_sale(sale, event=SaleEvent.SENT, by=None, evidence={"order": order.id}, next_step_at=until, now=now)
    return True


def _is_still_wanted(sale: Sale, order: ReaderOrder) -> bool:
    """Whoever has waited so long for our word that the sale has moved on may not send it any more."""
    match OrderKind(order.kind):
        case OrderKind.PAY:
            return sale.state in {SaleState.OPENED, SaleState.SENT}
        case OrderKind.REVERSE:
            return sale.state == SaleState.REVERSING
        case _:
            return True


def _was_taken_before_enrolment(order: ReaderOrder) -> bool:
    """Whoever was enrolled since has a journal that may be new: what it knows nothing of may have been sent.

    Rule: taken-before-sent (readers.md 3, R3 R12)
    """
    if order.kind not in TAKEN_FIRST or order.taken_at is None:
        return False
    bridge = find_bridge(order.bridge_id)
    return bridge is None or bridge.enrolled_at is None or order.taken_at < bridge.enrolled_at


def _forget(sale: Sale, order: ReaderOrder, now: datetime) -> None:
    """A bridge asks before anything leaves: nothing has, and nothing will."""
    if order.state == OrderState.WAITING:
        withdraw(order, now=now)
        return
    _end(sale, order, ReaderSaid(outcome=Outcome.NOT_SENT, reason=TOO_LATE), now)


def _end(sale: Sale, order: ReaderOrder, said: ReaderSaid, now: datetime) -> None:
    """The portal says itself what came of the order."""
    finish(order, outcome=said.outcome, result=evidence_of(said), now=now)
    verdict = judge_sale(sale_attempt_of(sale, said), said, asked=OrderKind(order.kind), now=now)
    follow(sale, verdict, said=said, now=now)
    if sale.state == SaleState.UNKNOWN:
        ask_again(sale, now=now)
        save_sale(sale, "abort_asked_at")
