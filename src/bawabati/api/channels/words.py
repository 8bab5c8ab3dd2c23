"""What stands on the wire between channels and us: every message, field by field."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

Reference = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Number = Annotated[str, Field(min_length=1, max_length=40)]
Centimes = Annotated[int, Field(gt=0, le=10**12)]


def _plausible(moment: datetime | None) -> datetime | None:
    """A clock that was never set says nothing; the year 1 could be kept, and never be read again."""
    return moment if moment is not None and 2000 <= moment.year < 2200 else None  # noqa: PLR2004 - years


Moment = Annotated[AwareDatetime | None, AfterValidator(_plausible)]


class Asked(Schema):
    """Which bill the channel's customer has in his hand."""

    payment_number: Number


class DueBill(Schema):
    """A bill as the channel may show it to its customer: never a name, never an address."""

    payment_number: str
    standing: Literal["payable", "paid", "being_paid", "cancelled", "replaced", "in_instalments", "company_closed"]
    period: str
    holder_initials: str
    due_on: date | None
    left_centimes: int
    as_of: datetime
    replaced_by: str


class BillWanted(Schema):
    """A bill, and what the channel has shown as left of it."""

    payment_number: Number
    amount_centimes: Centimes


class Wish(Schema):
    """What is to be reserved, under a reference that the channel never uses again."""

    reference: Reference
    bills: Annotated[list[BillWanted], Field(min_length=1, max_length=20)]
    language: Literal["ar", "fr", "en"] = "ar"


class PaidWords(Schema):
    """Money was taken: exactly what was reserved."""

    amount_centimes: Centimes
    transaction: Annotated[str, Field(max_length=40, pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,39})?$")] = ""
    paid_at: Moment = None


class NoWords(Schema):
    """Nothing more is to be said."""


class ReservationAnswer(Schema):
    """Where a reservation stands. `is_paid`: its money is posted, whatever came before."""

    reference: str
    number: str
    state: Literal["reserved", "pending", "released", "paid", "cancelled", "not_paid", "expired"]
    is_paid: bool
    amount_centimes: int
    bills: list[BillWanted]
    ends_at: datetime
    receipt_number: str


class FileAnswer(Schema):
    """A day's file as it is kept. Its comparison follows within a minute; the same file again changes nothing."""

    file: int
    day: date
    lines: int
    paid_lines: int
    paid_centimes: int
    compared_at: datetime | None
