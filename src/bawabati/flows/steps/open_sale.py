"""Opening a sale at a desk: the bills as the cashier saw them, held on every channel; in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, limits_of
from bawabati.bills.rules import SIZE_IS_WRONG, BillChanged, BillNotPayable, Standing, standing_of
from bawabati.bills.writes import lock_bills
from bawabati.companies.models import Reader
from bawabati.companies.writes import lock_reader
from bawabati.desks.models import DeskSession
from bawabati.desks.writes import lock_open_session
from bawabati.errors import CannotDo
from bawabati.flows.steps.seen_bills import SeenBill, has_changed
from bawabati.money.amount import ZERO, Money
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_hold, find_sale_by_start_key, find_sale_on_reader
from bawabati.payments.rules.sales import IDLE_AFTER
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import LineToPay, StartKeyTaken, lock_payment, open_sale_row, release_holds
from bawabati.payments.writes.channels import (
    HOLD_RELEASED,
    lock_reservation_and_holds,
    note_reservation,
    release_reservation_holds,
)
from bawabati.people.models import Staff


class AgencyClosed(CannotDo):
    """Switched off: no new attempts; those in flight end normally."""

    code = "agency_closed"
    sentence = "This agency takes no payments at the moment."


class ReaderBusy(CannotDo):
    """One sale at a time; `sale_id` is the one that the reader still has."""

    code = "reader_busy"
    sentence = "The reader still has another sale. Finish that one first."


class NotOneCustomer(CannotDo):
    """The bills paid together are one customer's."""

    code = "not_one_customer"
    sentence = "These bills belong to different customers. Take them one customer at a time."


def open_sale(
    *,
    session: DeskSession,
    way: Way,
    seen: Sequence[SeenBill],
    start_key: str,
    language: str,
    staff: Staff,
    now: datetime,
    reader: Reader | None = None,
    stamp_duty: Money = ZERO,
    in_spite_of: str = "",
) -> Sale:
    """The sale with its bills held. `session` was read before; it is locked here, after the bills.

    With a reason in `in_spite_of`, bills that a payment online or a channel holds are taken over from it; that attempt
    goes on, and what it captures then is a surplus. Rule: in-spite-of (behaviour.md 1, I7)

    Raises:
        BillNotPayable: with `standing`, and `payment_id`, `sale_id` or `reservation_id` of what holds the bill.
        BillChanged, NotOneCustomer, AgencyClosed, SessionNotOpen, ReaderBusy.
        StartKeyTaken: the same form has just opened a sale of other bills; the transaction must not hold.
    """
    bills = lock_bills(choice.bill_id for choice in seen)
    for choice in seen:
        _check_payable(session, bills.get(choice.bill_id), choice, in_spite_of)
    if len({bill.customer_id for bill in bills.values()}) > 1:
        raise NotOneCustomer
    taken_over = _take_over(bills, in_spite_of, staff, now)
    if not session.agency.is_open:
        raise AgencyClosed
    lock_open_session(session.id)
    if find_sale_by_start_key(company_id=session.company_id, start_key=start_key) is not None:
        raise StartKeyTaken
    if reader is not None:
        lock_reader(reader.id)
        if (busy := find_sale_on_reader(reader.id)) is not None:
            raise ReaderBusy(sale_id=busy.id)
    return open_sale_row(
        session=session,
        way=way,
        reader=reader,
        lines=[LineToPay(bill_id=one.bill_id, bill_version=one.version, amount=one.amount) for one in seen],
        start_key=start_key,
        language=language,
        stamp_duty=stamp_duty,
        in_spite_of=in_spite_of if taken_over else "",
        cashier=staff,
        next_step_at=now + IDLE_AFTER,
        now=now,
    )


def _check_payable(session: DeskSession, bill: Bill | None, choice: SeenBill, in_spite_of: str) -> None:
    """At a desk a bill is paid whole, however small or large; no gateway's limits hold here."""
    if bill is None or bill.company_id != session.company_id:
        raise BillNotPayable(standing=None)
    hold = find_hold(bill.id)
    may_take_over = bool(in_spite_of) and hold is not None and hold.sale_id is None
    facts = facts_of(bill, is_held=hold is not None and not may_take_over)
    standing = standing_of(facts, limits_of(session.company))
    if standing is not Standing.PAYABLE and standing not in SIZE_IS_WRONG:
        raise BillNotPayable(
            standing=standing,
            payment_id=hold.payment_id if hold else None,
            sale_id=hold.sale_id if hold else None,
            reservation_id=hold.reservation_id if hold else None,
        )
    if has_changed(bill, since=choice) or choice.amount != choice.left:
        raise BillChanged


def _take_over(bills: Mapping[int, Bill], because: str, staff: Staff, now: datetime) -> bool:
    """Whether others let go of their bills: each locked after its holds, in the order of their numbers."""
    if not because:
        return False
    holds = [hold for bill_id in bills if (hold := find_hold(bill_id)) is not None]
    payments = sorted({hold.payment_id for hold in holds if hold.payment_id is not None})
    for payment_id in payments:
        release_holds(lock_payment(payment_id), by=staff.id, because=because, now=now)
    reservations = sorted({hold.reservation_id for hold in holds if hold.reservation_id is not None})
    for reservation_id in reservations:
        reservation = lock_reservation_and_holds(reservation_id)
        release_reservation_holds(reservation)
        note_reservation(reservation, event=HOLD_RELEASED, by=staff, evidence={"because": because}, now=now)
    return bool(payments or reservations)
