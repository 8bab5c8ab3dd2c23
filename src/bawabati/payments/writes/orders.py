"""What bridges are told to do with readers. Inside a transaction that a flow opened."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from bawabati.companies.models import Reader
from bawabati.errors import Broken
from bawabati.payments.models import ReaderOrder, Sale
from bawabati.payments.rules.sales import OrderKind, OrderState, Outcome

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def next_service_id(reader: Reader) -> str:
    """Ten characters, counted up on this reader and never used again. Rule: service-ids (readers.md 2.A.3)"""
    Reader.objects.filter(id=reader.id).update(last_service_number=F("last_service_number") + 1)
    number = Reader.objects.values_list("last_service_number", flat=True).get(id=reader.id)
    text = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text.rjust(10, "0")


def put_order(
    *, reader: Reader, kind: OrderKind, body: Mapping[str, object], sale: Sale | None, now: datetime
) -> ReaderOrder:
    """An order for the reader's bridge. The database refuses a second payment of a sale."""
    if reader.bridge_id is None:
        raise Broken("no bridge speaks to this reader", reader_id=reader.id)
    return ReaderOrder.objects.create(
        company_id=reader.company_id,
        bridge_id=reader.bridge_id,
        reader=reader,
        sale=sale,
        kind=kind,
        body=dict(body),
        put_at=now,
    )


def lock_order(order_id: int) -> ReaderOrder:
    """The order, locked until the transaction ends. After its sale in the house's order."""
    return ReaderOrder.objects.select_for_update(of=("self",), no_key=True).select_related("reader").get(id=order_id)


def lock_waiting_orders(sale: Sale, *kinds: OrderKind) -> list[ReaderOrder]:
    """Orders about a locked sale that no bridge has taken, locked."""
    waiting = ReaderOrder.objects.filter(sale=sale, kind__in=kinds, state=OrderState.WAITING)
    return list(waiting.select_for_update(no_key=True).order_by("id"))


def take(order: ReaderOrder, *, now: datetime) -> None:
    """A bridge has the locked order in hand."""
    order.state, order.taken_at = OrderState.TAKEN, now
    order.save(update_fields=["state", "taken_at"])


def withdraw(order: ReaderOrder, *, now: datetime) -> None:
    """Nobody does the locked order any more."""
    order.state, order.done_at = OrderState.WITHDRAWN, now
    order.save(update_fields=["state", "done_at"])


def finish(order: ReaderOrder, *, outcome: Outcome, result: Mapping[str, object], now: datetime) -> None:
    """Keeps the one result of a locked order."""
    order.state, order.done_at, order.outcome, order.result = OrderState.DONE, now, outcome, dict(result)
    order.save(update_fields=["state", "done_at", "outcome", "result"])
