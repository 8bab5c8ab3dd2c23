"""What stands on the wire between bridges and us: every message, field by field. Unknown fields are left aside."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, model_validator

Short = Annotated[str, Field(max_length=40)]
Text = Annotated[str, Field(max_length=120)]
Centimes = Annotated[int, Field(ge=0, le=10**12)]


def _plausible(moment: datetime | None) -> datetime | None:
    """A clock that was never set says nothing; the year 1 could be kept, and never be read again."""
    return moment if moment is not None and 2000 <= moment.year < 2200 else None  # noqa: PLR2004 - years


Moment = Annotated[AwareDatetime | None, AfterValidator(_plausible)]


class Refusal(Schema):
    """Why not: a code for the machine, a sentence for whoever reads its log."""

    code: str
    sentence: str


class Enrolment(Schema):
    """The one-time code, and the key that the bridge has made for itself."""

    code: Annotated[str, Field(max_length=20)]
    key: Annotated[str, Field(max_length=60)]
    software: Short = ""


class Enrolled(Schema):
    """Who the bridge is from now on."""

    bridge: int
    name: str
    company: str
    agency: str


class ReaderWords(Schema):
    """A reader that the bridge speaks to, with what only its protocol understands."""

    poi_id: str
    protocol: Literal["nexo", "caisse_ap", "manual"]
    host: str
    port: int
    options: dict[str, Any]


class OrderWords(Schema):
    """What to do. `taken`: this bridge has said before that it does it."""

    id: int
    kind: Literal["pay", "abort", "ask", "reverse", "diagnose", "print", "totals"]
    poi_id: str
    taken: bool
    put_at: datetime
    body: dict[str, Any]


class Work(Schema):
    """Everything that is to be done, the oldest first, and what the bridge has to know for it."""

    now: datetime
    orders: list[OrderWords]
    readers: list[ReaderWords]
    blocks: list[dict[str, Any]]


class Nothing(Schema):
    """An empty body."""


class Go(Schema):
    """False: the order was withdrawn; forget it."""

    go: bool


class Progress(Schema):
    """What the reader shows the customer."""

    step: Annotated[str, Field(max_length=20)]


class Slip(Schema):
    """The reader's slips, line by line."""

    customer: Annotated[tuple[Text, ...], Field(max_length=80)] = ()
    merchant: Annotated[tuple[Text, ...], Field(max_length=80)] = ()


class Facts(Schema):
    """What a reader has said, as far as its protocol says it. Where it does not, nothing, "" or null."""

    service_id: Short | None = None
    sale_id: Short | None = None
    poi_id: Short | None = None
    sale_reference: Annotated[str, Field(max_length=100)] | None = None
    echoes_reference: bool = False
    amount_centimes: Centimes | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None
    approval_code: Short | None = None
    masked_card: Annotated[str, Field(max_length=30)] | None = None
    card_brand: Short | None = None
    entry_mode: Short | None = None
    poi_transaction_id: Short | None = None
    poi_transaction_at: Moment = None
    terminal_id: Short | None = None
    merchant_id: Short | None = None
    rrn: Short | None = None
    reconciliation_id: Short | None = None
    reason: Annotated[str, Field(max_length=100)] | None = None
    slip: Slip = Slip()
    global_status: Annotated[str, Field(max_length=12)] | None = None
    printer: Annotated[str, Field(max_length=20)] | None = None
    serial: Short | None = None
    host_reachable: bool | None = None
    totals: Annotated[list[dict[str, Any]], Field(max_length=100)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_said(cls, told: Any) -> Any:  # noqa: ANN401 - whatever came
        said = getattr(told, "_obj", told)
        if not isinstance(said, dict):
            return told
        return {name: value for name, value in said.items() if value is not None and value != ""}


class Result(Schema):
    """What came of an order."""

    outcome: Literal[
        "approved",
        "partial",
        "declined",
        "cancelled",
        "busy",
        "not_sent",
        "unknown",
        "in_progress",
        "not_found",
        "unreachable",
        "done",
        "refused",
    ]
    at: Moment = None
    boot: Annotated[str, Field(max_length=80)] = ""
    answer: Facts = Facts()
    message: Annotated[str, Field(max_length=4000)] = ""


class Acknowledged(Schema):
    """It is kept; the bridge need not say it again."""

    acknowledged: Literal[True] = True


class News(Schema):
    """How a reader is."""

    poi_id: Annotated[str, Field(max_length=32)]
    status: Annotated[str, Field(max_length=12)]
    printer: Annotated[str, Field(max_length=20)] = ""
    serial: Short = ""
    boot: Annotated[str, Field(max_length=80)] = ""


class Contact(Schema):
    """How the bridge is, and its readers."""

    software: Short = ""
    waiting_results: Annotated[int, Field(ge=0, le=10**6)] = 0
    line_lost_at: Moment = None
    readers: Annotated[tuple[News, ...], Field(max_length=50)] = ()


class OfflineReceipt(Schema):
    """What became of one number of a block: a receipt that was written while the line was cut, or nothing."""

    block: Annotated[int, Field(ge=1, le=2**62)]
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    payment_number: Annotated[str, Field(max_length=64)] = ""
    amount_centimes: Centimes = 0
    stamp_duty_centimes: Centimes = 0
    taken_at: Moment = None
    cashier: Text = ""
    voided: bool = False


class TakenIn(Schema):
    """It is kept. `case`: the work item that it has become, for the cashier to know of."""

    acknowledged: Literal[True] = True
    case: str | None
