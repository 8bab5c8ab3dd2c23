"""Questions about sales at desks, and about what bridges are told."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from bawabati.companies.rules import Protocol
from bawabati.compiled import compiled
from bawabati.money.amount import Money
from bawabati.payments.models import ReaderOrder, Sale, SaleHappening, SaleLine
from bawabati.payments.rules.sales import (
    OCCUPIES_READER,
    OrderKind,
    OrderState,
    ReaderSaid,
    SaleAttempt,
    SaleState,
)

_ALONG = ("company", "agency", "desk", "session", "cashier", "reader", "typed_by", "proposed_by")


def find_sale(sale_id: int) -> Sale | None:
    """The sale, with its people and places; None when there is none."""
    return Sale.objects.select_related(*_ALONG).filter(id=sale_id).first()


def find_sale_by_start_key(*, company_id: int, start_key: str) -> Sale | None:
    """The sale that a form has started, if it has started one: mostly it has not, so nothing is read along with it."""
    return _sale_of_form.find(company_id, start_key)


@compiled
def _sale_of_form(company_id: int, start_key: str) -> QuerySet[Sale]:
    return Sale.objects.filter(company_id=company_id, start_key=start_key)


def get_sale_of_form(*, company_id: int, start_key: str) -> Sale:
    """The sale that a form has started; it must have."""
    return Sale.objects.select_related(*_ALONG).get(company_id=company_id, start_key=start_key)


def list_sale_lines(sale_id: int) -> list[SaleLine]:
    """The lines of a sale with their bills and customers, by bill; never empty."""
    return list(SaleLine.objects.filter(sale_id=sale_id).select_related("bill__customer").order_by("bill_id"))


def list_happenings(sale_id: int) -> list[SaleHappening]:
    """What happened to a sale, in the order in which it happened."""
    return list(SaleHappening.objects.select_related("by").filter(sale_id=sale_id).order_by("sequence"))


def find_sale_on_reader(reader_id: int) -> Sale | None:
    """The sale that has the reader to itself now."""
    return Sale.objects.filter(reader_id=reader_id, state__in=sorted(OCCUPIES_READER)).first()


def list_sales_of_session(session_id: int) -> list[Sale]:
    """The sales of a session, the newest first."""
    return list(_sales().filter(session_id=session_id).order_by("-id"))


def list_sales_being_checked(*, agency_id: int) -> list[Sale]:
    """Sales of an agency of which nobody knows yet what became, the oldest first; those in review among them."""
    unclear = [SaleState.SENT, SaleState.UNKNOWN, SaleState.REVERSING, SaleState.REVIEW]
    return list(_sales().filter(agency_id=agency_id, state__in=unclear).order_by("id"))


def list_due_sales(*, now: datetime, at_most: int) -> list[int]:
    """The sales with which time has something to do now, the most overdue first."""
    due = Sale.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    return list(due.values_list("id", flat=True)[:at_most])


def list_orders_about(sale_id: int) -> list[ReaderOrder]:
    """Everything that bridges were told to do about a sale, oldest first, with the reader."""
    return list(ReaderOrder.objects.filter(sale_id=sale_id).select_related("reader").order_by("id"))


def list_orders_to_do(bridge_id: int) -> list[ReaderOrder]:
    """What a bridge has to do, the oldest first: what it has taken stays here until its result is known."""
    return _orders_to_do.list(bridge_id)


@compiled
def _orders_to_do(bridge_id: int) -> QuerySet[ReaderOrder]:
    to_do = ReaderOrder.objects.filter(bridge_id=bridge_id, state__in=[OrderState.WAITING, OrderState.TAKEN])
    return to_do.select_related("reader").order_by("id")


def bridges_with_work() -> frozenset[int]:
    """The bridges for which something waits that they have not taken."""
    waiting = ReaderOrder.objects.filter(state=OrderState.WAITING)
    return frozenset(waiting.values_list("bridge_id", flat=True).distinct())


def find_order(*, bridge_id: int, order_id: int) -> ReaderOrder | None:
    """The order, if it is that bridge's."""
    return ReaderOrder.objects.select_related("reader").filter(id=order_id, bridge_id=bridge_id).first()


def find_open_order(sale_id: int, kind: OrderKind) -> ReaderOrder | None:
    """The order of that kind about the sale that is still to be done, or under way."""
    open_states = [OrderState.WAITING, OrderState.TAKEN]
    return ReaderOrder.objects.filter(sale_id=sale_id, kind=kind, state__in=open_states).order_by("id").first()


def has_open_order(sale_id: int, kind: OrderKind) -> bool:
    """Whether an order of that kind about the sale is still to be done, or under way."""
    open_states = [OrderState.WAITING, OrderState.TAKEN]
    return ReaderOrder.objects.filter(sale_id=sale_id, kind=kind, state__in=open_states).exists()


def approval_is_taken(*, sale: Sale, approval_code: str) -> bool:
    """Whether another sale of the same reader has this approval number."""
    others = Sale.objects.filter(reader=sale.reader, approval_code=approval_code).exclude(id=sale.id)
    return bool(approval_code) and others.exists()


def typed_slip_is_taken(*, sale: Sale, approval_code: str, slip_number: str, slip_on: date) -> bool:
    """Whether another sale of the same reader was typed with this approval or this slip, whatever became of it."""
    typed = Sale.objects.filter(reader=sale.reader, typed_by__isnull=False).exclude(id=sale.id)
    same = Q(approval_code=approval_code) | Q(slip_number=slip_number, slip_on=slip_on)
    return typed.filter(same).exists()


def transaction_is_taken(*, sale: Sale, poi_transaction_id: str) -> bool:
    """Whether another sale of the same reader has this name of a transaction."""
    others = Sale.objects.filter(reader=sale.reader, poi_transaction_id=poi_transaction_id).exclude(id=sale.id)
    return bool(poi_transaction_id) and others.exists()


def sale_attempt_of(sale: Sale, said: ReaderSaid | None = None) -> SaleAttempt:
    """What the judge needs to know of a sale, given the answer that is to be judged."""
    reader = sale.reader
    return SaleAttempt(
        state=SaleState(sale.state),
        protocol=Protocol(reader.protocol) if reader else Protocol.MANUAL,
        service_id=sale.service_id,
        poi_id=reader.poi_id if reader else "",
        reference=sale.reference,
        amount=Money(sale.amount_centimes),
        opened_at=sale.opened_at,
        sent_at=sale.sent_at,
        unknown_since=sale.unknown_since,
        not_found_count=sale.not_found_count,
        not_found_at=sale.not_found_at,
        boot_when_sent=sale.boot_when_sent,
        reader_boot=reader.boot if reader else "",
        reader_ok_at=reader.last_contact_at if reader and reader.last_status == "ok" else None,
        approval_is_taken=said is not None and approval_is_taken(sale=sale, approval_code=said.approval_code),
        transaction_is_taken=said is not None
        and transaction_is_taken(sale=sale, poi_transaction_id=said.poi_transaction_id),
    )


def _sales() -> QuerySet[Sale]:
    return Sale.objects.select_related(*_ALONG)
