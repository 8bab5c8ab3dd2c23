"""What the billing system is told of payments and bills; in the transaction that makes it true.

Amounts of an event say how the debt of each bill has changed: the sums over all events are the sums of the books.
Rule: events-once (house.md 5)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from bawabati.bills.models import Bill
from bawabati.bills.reads import list_bills_by_id
from bawabati.bills.writes import Lowered
from bawabati.money.amount import Money
from bawabati.notices.rules import EventKind
from bawabati.notices.writes import Happened, write_events
from bawabati.payments.models import CreditUse, Payment, PaymentLine, Refund
from bawabati.workdays import accounting_day

BillWords = dict[str, object]


def tell_paid(payment: Payment, lines: Sequence[PaymentLine], *, receipt_number: str, now: datetime) -> None:
    """A payment was posted, and which bills it settled."""
    assert payment.accounted_on is not None  # noqa: S101 - the database holds it for every paid payment
    bills = [
        bill_words(line.bill, taken_off=line.settled_centimes or 0, surplus=line.surplus_centimes or 0)
        for line in lines
    ]
    body = {
        "accounted_on": payment.accounted_on.isoformat(),
        "payment": payment_words(payment, receipt_number=receipt_number),
        "amount_centimes": payment.amount_centimes,
        "bills": bills,
    }
    settled = [line.bill for line in lines if line.settled_centimes]
    happened = [Happened(EventKind.PAID, body), *_settled(settled, payment.accounted_on)]
    write_events(company_id=payment.company_id, happened=happened, now=now)


class DueAgain(NamedTuple):
    """A bill that is due again by so much."""

    bill: Bill
    amount: Money


def tell_refunded(refund: Refund, payment: Payment, due_again: Iterable[DueAgain], *, now: datetime) -> None:
    """Money went back, and by how much each bill is due again."""
    bills = [bill_words(bill, due_again=amount.centimes) for bill, amount in due_again]
    body = {
        "accounted_on": accounting_day(now).isoformat(),
        "payment": payment_words(payment, receipt_number=""),
        "refund": {"id": refund.id, "kind": refund.kind, "reason": refund.reason},
        "amount_centimes": refund.amount_centimes,
        "bills": bills,
    }
    write_events(company_id=payment.company_id, happened=[Happened(EventKind.REFUNDED, body)], now=now)


def tell_credit_used(use: CreditUse, bill: Bill, *, now: datetime) -> None:
    """A customer's credit settled some of a bill."""
    today = accounting_day(now)
    body = {
        "accounted_on": today.isoformat(),
        "amount_centimes": use.amount_centimes,
        "bills": [bill_words(bill, taken_off=use.amount_centimes)],
    }
    happened = [Happened(EventKind.CREDIT_USED, body), *_settled([bill], today)]
    write_events(company_id=bill.company_id, happened=happened, now=now)


def tell_lowered(lowered: Iterable[Lowered], *, company_id: int, now: datetime) -> None:
    """Bills of which less is due than was paid: the excess is off the bill no more, and credit."""
    excess = {one.bill_id: one.excess.centimes for one in lowered}
    happened = [
        Happened(
            EventKind.BILL_LOWERED,
            {
                "accounted_on": accounting_day(now).isoformat(),
                "amount_centimes": excess[bill.id],
                "bills": [bill_words(bill, due_again=excess[bill.id])],
            },
        )
        for bill in list_bills_by_id(company_id=company_id, bill_ids=list(excess))
    ]
    write_events(company_id=company_id, happened=happened, now=now)


def payment_words(payment: Payment, *, receipt_number: str) -> Mapping[str, object]:
    """As much of a payment as a billing system needs: never a card, never a person."""
    return {
        "id": payment.id,
        "order_number": payment.order_number,
        "way": payment.way,
        "agency": payment.agency.code if payment.agency else "",
        "receipt_number": receipt_number,
    }


def bill_words(bill: Bill, *, taken_off: int = 0, due_again: int = 0, surplus: int = 0) -> BillWords:
    """A bill, and how its debt has changed, in centimes. `surplus`: paid with it beyond what was due."""
    return {
        "bill_number": bill.bill_number,
        "payment_number": bill.payment_number,
        "customer_number": bill.customer.number,
        "period": bill.period,
        "taken_off_centimes": taken_off,
        "due_again_centimes": due_again,
        "surplus_centimes": surplus,
    }


def _settled(bills: Iterable[Bill], day: date) -> list[Happened]:
    return [
        Happened(
            EventKind.BILL_SETTLED,
            {"accounted_on": day.isoformat(), "amount_centimes": bill.settled_centimes, "bills": [bill_words(bill)]},
        )
        for bill in bills
        if bill.settled_centimes == bill.due_centimes
    ]
