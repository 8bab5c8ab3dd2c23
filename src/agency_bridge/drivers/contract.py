"""What a driver of a card reader does for the bridge, and what it reports.

    pay, reverse         send money's way; never sent twice, so every doubt is `unknown`
    ask                  what became of a payment or reversal that was sent? Safe to repeat
    abort                please cancel what is running; whether it was cancelled, the payment's own answer says
    diagnose             is the reader well?
    totals               its own sums; with `close`, its period ends

A driver never raises for what a reader says or fails to say. `not_sent` means that certainly no byte of the request
left this machine; everything after the first byte without a good answer is `unknown`. It compares no amount with the
bill: what it reports are facts, and the portal judges them.

Rule: reader-failures (readers.md 3, R4)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """What became of an order. Which of them an order can have stands beside the method."""

    APPROVED = "approved"
    PARTIAL = "partial"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    BUSY = "busy"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    IN_PROGRESS = "in_progress"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What the reader wants printed, line by line."""

    customer: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the reader said of a transaction. Empty or None where its protocol does not say."""

    service_id: str = ""
    sale_id: str = ""
    poi_id: str = ""
    sale_reference: str = ""
    echoes_reference: bool = False
    """Whether `sale_reference` is known to be ours, given back."""
    amount_centimes: int | None = None
    currency: str = ""
    """Three letters, as "DZD"."""
    approval_code: str = ""
    masked_card: str = ""
    card_brand: str = ""
    entry_mode: str = ""
    poi_transaction_id: str = ""
    poi_transaction_at: str = ""
    terminal_id: str = ""
    merchant_id: str = ""
    rrn: str = ""
    reconciliation_id: str = ""
    reason: str = ""
    """The reader's own word for a failure, or ours for an answer that cannot be used."""
    protection_ok: bool | None = None
    slip: Slip = field(default_factory=Slip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a reader is."""

    global_status: str
    printer: str = ""
    serial: str = ""
    host_reachable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandTotal:
    """One line of a reader's own sums."""

    brand: str
    count: int
    amount_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A reader's own sums since its last period ended."""

    totals: tuple[BrandTotal, ...] = ()
    reconciliation_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of an order. `message` is the reader's answer, masked; `boot` says which life of the reader it was."""

    outcome: Outcome
    answer: Facts | Health | Totals = field(default_factory=Facts)
    message: str = ""
    boot: str = ""

    def answer_row(self) -> dict[str, Any]:
        """The facts as JSON."""
        return asdict(self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """A payment to take. `service_id` is ours and is used for nothing else, ever."""

    service_id: str
    sale_id: str
    sale_reference: str
    bill_reference: str
    amount_centimes: int
    currency: str
    operator: str = ""
    shift: str = ""
    agency: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    service_id: str
    of_service_id: str
    sale_id: str
    reason: str = "MerchantAbort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question after what was sent as `of_service_id`; the rest is for a reader that knows no such number."""

    service_id: str
    of_service_id: str
    of_category: str
    sale_id: str
    sale_reference: str
    amount_centimes: int
    currency: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    service_id: str
    sale_id: str
    poi_transaction_id: str
    poi_transaction_at: str
    amount_centimes: int
    currency: str
    reason: str
    sale_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsWanted:
    sale_id: str
    close: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader as the portal describes it. `options` may hold a passphrase: they never show in a repr."""

    poi_id: str
    protocol: str
    host: str
    port: int
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def option(self, name: str, default: str = "") -> str:
        value = self.options.get(name)
        return default if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a driver waits, in seconds."""

    connect_seconds: float = 5.0
    payment_seconds: float = 180.0
    reversal_seconds: float = 60.0
    question_seconds: float = 10.0
    totals_seconds: float = 60.0
    progress_seconds: float = 1.5
    """Between two looks at where a payment stands; 0: never."""
    ticket_seconds: float = 25.0
    """Between two looks at a last ticket, where a look may cost paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a protocol can do at all."""

    can_query_by_id: bool = False
    can_abort: bool = False
    can_reverse: bool = False
    can_reprint_last: bool = False
    can_reconcile: bool = False
    echoes_reference: bool = False


Progress = Callable[[str], Awaitable[None]]
"""Told where the card stands: present_card, card_inserted, enter_code, authorising, remove_card, printing."""


class Driver(Protocol):
    """One reader, spoken to in its own protocol. Every method can be called while another one waits."""

    capabilities: Capabilities

    async def pay(self, pay: Pay, progress: Progress) -> Seen:
        """approved, partial, declined, cancelled, busy, not_sent or unknown."""

    async def abort(self, abort: Abort) -> Seen:
        """Done (it was heard), refused or unreachable."""

    async def ask(self, ask: Ask) -> Seen:
        """As `pay` or `reverse`, of the transaction asked about; or in_progress, not_found, unreachable."""

    async def reverse(self, reverse: Reverse) -> Seen:
        """done, refused, not_sent or unknown."""

    async def diagnose(self, *, host: bool = True) -> Seen:
        """Done or unreachable; the answer is a `Health`. `host`: the reader also looks whether it reaches its bank."""

    async def totals(self, wanted: TotalsWanted) -> Seen:
        """done, refused or unreachable; the answer is `Totals`."""
