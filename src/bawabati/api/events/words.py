"""What stands on the wire about what happened."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

Kind = Literal["payment.paid", "payment.refunded", "credit.used", "bill.lowered", "bill.settled"]
Centimes = Annotated[int, Field(ge=0)]
MOST_SEQUENCE = 2**63 - 1


class PaymentNamed(Schema):
    """Which payment. `way`: web, card, cash, cheque or channel; `agency`: its code, empty online."""

    id: int
    order_number: str
    way: str
    agency: str
    receipt_number: str = ""


class RefundNamed(Schema):
    """Which refund. `kind`: refund, or reversal when others took the money back."""

    id: int
    kind: str
    reason: str


class BillChange(Schema):
    """How the debt of one bill has changed. `surplus_centimes`: paid with it beyond what was due, now credit."""

    bill_number: str
    payment_number: str
    customer_number: str
    period: str
    taken_off_centimes: Centimes
    due_again_centimes: Centimes
    surplus_centimes: Centimes


class EventWords(Schema):
    """Something that happened, once and for good. Events of one company are numbered from 1 without gaps."""

    sequence: Annotated[int, Field(ge=1)]
    kind: Kind
    at: datetime
    accounted_on: date
    amount_centimes: Centimes
    payment: PaymentNamed | None = None
    refund: RefundNamed | None = None
    bills: list[BillChange]


class EventsWords(Schema):
    """A page of events. Ask again with `after` = `next_sequence`: at once when `has_more`, else after a while."""

    events: list[EventWords]
    next_sequence: Annotated[int, Field(ge=0)]
    has_more: bool
