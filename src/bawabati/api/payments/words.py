"""What stands on the wire about one payment."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

Centimes = Annotated[int, Field(ge=0)]


class LineWords(Schema):
    """One bill of a payment. Settled and surplus are known once it is paid."""

    bill_number: str
    payment_number: str
    customer_number: str
    period: str
    amount_centimes: Centimes
    settled_centimes: Centimes | None
    surplus_centimes: Centimes | None


class RefundWords(Schema):
    """Money that goes back, or has gone back when `state` is done."""

    id: int
    kind: str
    reason: str
    state: str
    amount_centimes: Centimes
    ended_at: datetime | None


class PaymentWords(Schema):
    """One payment as it stands now. `not_paid` may still become `paid` for a day: a bank may answer late."""

    id: int
    order_number: str
    state: Literal["waiting", "paid", "not_paid", "being_checked"]
    way: str
    agency: str
    amount_centimes: Centimes
    opened_at: datetime
    paid_at: datetime | None
    accounted_on: date | None
    receipt_number: str
    lines: list[LineWords]
    refunds: list[RefundWords]
