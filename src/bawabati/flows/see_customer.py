"""What a customer owes, as a cashier sees it: his open bills, who else is paying them, and what was paid already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, find_bill_by_id, find_customer_by_id, list_unpaid_bills
from bawabati.bills.rules import BillStatus
from bawabati.flows.find_bill import NoSuchBill
from bawabati.money.amount import Money
from bawabati.payments.models import Hold
from bawabati.payments.reads import find_last_paid_line, list_holds
from bawabati.payments.rules.ways import Way
from bawabati.receipts.reads import find_receipt_of
from bawabati.workdays import ALGIERS


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """An attempt that has the bill now: a payment online, a sale at a desk (`desk` of `agency_id`), or a channel."""

    since: datetime
    payment_id: int | None = None
    sale_id: int | None = None
    desk: str = ""
    agency_id: int | None = None
    reservation_id: int | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBill:
    """An open bill, whole."""

    bill_id: int
    version: int
    payment_number: str
    bill_number: str
    period: str
    issued_on: date
    due_on: date
    is_overdue: bool
    due: Money
    left: Money
    held_by: HeldBy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpen:
    """The bill that was asked for cannot be paid any more: paid, by which way and receipt, or taken back."""

    bill_number: str
    status: BillStatus
    is_paid: bool
    settled_at: datetime | None
    way: Way | None
    receipt_number: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAtDesk:
    """A customer with his open bills, oldest first; `not_open` speaks of the bill that was asked for."""

    customer_id: int
    number: str
    name: str
    bills: tuple[DeskBill, ...]
    not_open: NotOpen | None


def see_customer(*, company_id: int, customer_id: int, bill_id: int | None, now: datetime) -> CustomerAtDesk:
    """The customer as he stands now. The door must know that he was found, by `find_at_desk`.

    Raises NoSuchBill when he is another company's.
    """
    customer = find_customer_by_id(company_id=company_id, customer_id=customer_id)
    if customer is None:
        raise NoSuchBill
    open_bills = list_unpaid_bills(customer.id)
    holds = list_holds([bill.id for bill in open_bills])
    today = now.astimezone(ALGIERS).date()
    asked = find_bill_by_id(company_id=company_id, bill_id=bill_id) if bill_id is not None else None
    is_open = asked is None or asked.id in {bill.id for bill in open_bills}
    return CustomerAtDesk(
        customer_id=customer.id,
        number=customer.number,
        name=customer.name,
        bills=tuple(_desk_bill(bill, holds.get(bill.id), today) for bill in open_bills),
        not_open=None if asked is None or is_open else _not_open(asked),
    )


def _desk_bill(bill: Bill, hold: Hold | None, today: date) -> DeskBill:
    facts = facts_of(bill)
    return DeskBill(
        bill_id=bill.id,
        version=bill.version,
        payment_number=bill.payment_number,
        bill_number=bill.bill_number,
        period=bill.period,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        is_overdue=bill.due_on < today,
        due=facts.due,
        left=facts.left,
        held_by=_held_by(hold) if hold else None,
    )


def _held_by(hold: Hold) -> HeldBy:
    sale, reservation = hold.sale, hold.reservation
    return HeldBy(
        since=hold.held_at,
        payment_id=hold.payment_id,
        sale_id=hold.sale_id,
        desk=sale.desk.code if sale else "",
        agency_id=sale.agency_id if sale else None,
        reservation_id=hold.reservation_id,
        channel=reservation.channel.name if reservation else "",
    )


def _not_open(bill: Bill) -> NotOpen:
    facts = facts_of(bill)
    line = find_last_paid_line(bill.id)
    receipt = find_receipt_of(line.payment_id) if line else None
    return NotOpen(
        bill_number=bill.bill_number,
        status=facts.status,
        is_paid=bool(facts.settled) and not facts.left,
        settled_at=bill.settled_at,
        way=Way(line.payment.way) if line else None,
        receipt_number=str(receipt.facts["number"]) if receipt else "",
        replaced_by=bill.replaced_by,
    )
