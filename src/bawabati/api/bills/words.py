"""What stands on the wire about bills and about what was pushed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

MOST_BILLS = 10_000
MOST_ASKED = 100
BIGGEST = 10**15
Centimes = Annotated[int, Field(ge=0)]
Number = Annotated[str, Field(min_length=1, max_length=30)]

A_BILL: dict[str, Any] = {
    "bill_number": "F2026-000123",
    "customer_number": "C000045",
    "holder_name": "Amina Benali",
    "period": "2026-T3",
    "issued_on": "2026-10-05",
    "due_on": "2026-12-05",
    "due_centimes": 143050,
    "status": "open",
    "lines": [{"label": "Eau", "amount_centimes": 143050}],
}


class Push(Schema):
    """Bills as they stand now in the billing system. Each is judged for itself: a bad one keeps no other back.

    Fields of a bill: docs/reference/api.md. `count` and `sum_centimes`, if given, must be those of all bills.
    """

    bills: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_BILLS, examples=[[A_BILL]])]
    count: Annotated[int, Field(ge=0, le=BIGGEST)] | None = None
    sum_centimes: Annotated[int, Field(ge=0, le=BIGGEST)] | None = None


class LineWords(Schema):
    """What became of one bill that was pushed. `line`: its place, from 1. Of a bad one: why, and which field."""

    line: int
    outcome: Literal["created", "changed", "unchanged", "bad"]
    bill_number: str
    reason: str
    detail: str


class FileWords(Schema):
    """What was pushed, and how far it is. Counts are known once it is done; `refusal` says why nothing was taken."""

    id: int
    state: Literal["waiting", "running", "done", "refused"]
    was_known: bool
    line_count: int | None
    created_count: int | None
    changed_count: int | None
    unchanged_count: int | None
    bad_count: int | None
    lowered_count: int
    refusal_code: str
    refusal_sentence: str
    received_at: datetime
    ended_at: datetime | None


class PushedWords(Schema):
    """The file, and what became of each of its bills; no lines while it waits for a worker."""

    file: FileWords
    lines: list[LineWords]


class LinesWords(Schema):
    """Lines of a file in its order. Ask again with `after` = `next_line` while `has_more`."""

    lines: list[LineWords]
    next_line: int
    has_more: bool


class Asked(Schema):
    """Numbers of bills that somebody wants to know of: the billing system's own, or those that payers type."""

    bill_numbers: Annotated[list[Number], Field(max_length=MOST_ASKED)] = Field(default_factory=list)
    payment_numbers: Annotated[list[Number], Field(max_length=MOST_ASKED)] = Field(default_factory=list)


class BillWords(Schema):
    """A bill as it stands now. `state`: paid, part_paid or unpaid of an open one; else what the billing system said."""

    bill_number: str
    payment_number: str
    customer_number: str
    period: str
    issued_on: date
    due_on: date
    state: Literal["unpaid", "part_paid", "paid", "cancelled", "replaced", "withdrawn"]
    replaced_by: str
    due_centimes: Centimes
    settled_centimes: Centimes
    left_centimes: Centimes
    settled_at: datetime | None
    version: int
    as_of: datetime


class BillsWords(Schema):
    """The bills that were found, in no order, and the numbers of which none is known."""

    bills: list[BillWords]
    unknown: list[str]
