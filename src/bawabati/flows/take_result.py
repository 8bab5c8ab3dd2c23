"""A bridge reports what came of an order. The first report is kept; what follows from it is done at once."""

from collections.abc import Mapping
from datetime import datetime

from bawabati.companies.writes import note_reader
from bawabati.errors import CannotDo
from bawabati.flows.steps.bridge_order import get_order_or_say
from bawabati.flows.steps.hear_reader import ask_again, evidence_of, follow, lock_whole_sale
from bawabati.flows.steps.reader_orders import asked_about
from bawabati.flows.steps.reader_totals import compare_reader_totals
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import ReaderOrder, Sale
from bawabati.payments.reads import sale_attempt_of
from bawabati.payments.rules.sales import (
    OUTCOMES_OF,
    PAID_OUTCOMES,
    TAKEN_FIRST,
    OrderKind,
    OrderState,
    Outcome,
    ReaderSaid,
    SaleState,
    judge_sale,
)
from bawabati.payments.writes import finish, forget_proposal, lock_order, save_sale

ABOUT_MONEY = frozenset({OrderKind.PAY, OrderKind.ASK, OrderKind.REVERSE})


class NotTaken(CannotDo):
    """What moves money is taken first; a result without that is nobody's."""

    code = "order_not_taken"
    sentence = "This order has not been taken, so nothing can have come of it."


class OutcomeNotOfThisKind(CannotDo):
    """Such an order cannot end so."""

    code = "outcome_not_of_this_kind"
    sentence = "An order of this kind cannot have this outcome."


def take_result(
    *,
    bridge_id: int,
    order_id: int,
    said: ReaderSaid,
    extra: Mapping[str, object],
    now: datetime,
) -> None:
    """Keeps the result and judges it. Safe to repeat: a second report of the same order changes nothing.

    `extra`: what a diagnosis or totals say beyond `said`. Rule: result-first (readers.md 3, R7 R8)

    Raises:
        NoSuchOrder, NotTaken, OutcomeNotOfThisKind.
    """
    known = get_order_or_say(bridge_id=bridge_id, order_id=order_id)
    kind = OrderKind(known.kind)
    if said.outcome not in OUTCOMES_OF[kind]:
        raise OutcomeNotOfThisKind
    with written_together("take_result: result kept"):
        sale = lock_whole_sale(known.sale_id) if known.sale_id is not None else None
        order = lock_order(order_id)
        if order.state == OrderState.WITHDRAWN and sale is not None and said.outcome in PAID_OUTCOMES:
            _judge(sale, order, said, now)  # given away by a portal that was set back since: the money is there
        if order.state in {OrderState.DONE, OrderState.WITHDRAWN}:
            return
        if kind in TAKEN_FIRST and order.state != OrderState.TAKEN:
            raise NotTaken
        finish(order, outcome=said.outcome, result={**evidence_of(said), **extra}, now=now)
        _note_reader(order, said, extra, now)
        if sale is not None and kind in ABOUT_MONEY:
            _judge(sale, order, said, now)
        if kind is OrderKind.TOTALS:
            compare_reader_totals(order, now=now)


def _judge(sale: Sale, order: ReaderOrder, said: ReaderSaid, now: datetime) -> None:
    if order.kind == OrderKind.ASK and order.body["of_service_id"] != asked_about(sale):
        return
    sale.step = ""
    verdict = judge_sale(sale_attempt_of(sale, said), said, asked=OrderKind(order.kind), now=now)
    was_sent = sale.state == SaleState.SENT
    follow(sale, verdict, said=said, now=now)
    if sale.state == SaleState.REVIEW and verdict.alarm is not None:
        forget_proposal(sale)
    if was_sent and sale.state == SaleState.UNKNOWN:
        ask_again(sale, now=now)
        save_sale(sale, "abort_asked_at")


def _note_reader(order: ReaderOrder, said: ReaderSaid, extra: Mapping[str, object], now: datetime) -> None:
    """A diagnosis says how the reader is; any other answer at least that it is there."""
    if order.kind == OrderKind.DIAGNOSE:
        is_there = said.outcome is Outcome.DONE
        status = str(extra.get("global_status", "ok")) if is_there else "unreachable"
        note_reader(order.reader, status=status, printer=str(extra.get("printer", "")), boot=said.boot, now=now)
