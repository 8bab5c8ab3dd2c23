"""What a bridge reports of a reader: facts, judged here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bawabati.money.amount import Money


class OrderKind(StrEnum):
    """What a bridge may be told to do with a reader."""

    PAY = "pay"
    ABORT = "abort"
    ASK = "ask"
    REVERSE = "reverse"
    DIAGNOSE = "diagnose"
    PRINT = "print"
    TOTALS = "totals"


TAKEN_FIRST = frozenset({OrderKind.PAY, OrderKind.REVERSE})
"""Orders that move money: a bridge says first that it takes one, and each is given once."""


class OrderState(StrEnum):
    """How far an order has come."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    WITHDRAWN = "withdrawn"


ORDER_STEPS: dict[str, list[str]] = {
    OrderState.WAITING: [OrderState.TAKEN, OrderState.DONE, OrderState.WITHDRAWN],
    OrderState.TAKEN: [OrderState.DONE],
}
"""State → states that may follow; the database holds the same table."""


class Outcome(StrEnum):
    """What came of an order."""

    APPROVED = "approved"
    PARTIAL = "partial"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    BUSY = "busy"
    NOT_SENT = "not_sent"
    """Certainly nothing left the bridge."""
    UNKNOWN = "unknown"
    """Something left, and no good answer came."""
    IN_PROGRESS = "in_progress"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    DONE = "done"
    REFUSED = "refused"


PAID_OUTCOMES = frozenset({Outcome.APPROVED, Outcome.PARTIAL})
OUTCOMES_OF: dict[OrderKind, frozenset[Outcome]] = {
    OrderKind.PAY: PAID_OUTCOMES
    | {Outcome.DECLINED, Outcome.CANCELLED, Outcome.BUSY, Outcome.NOT_SENT, Outcome.UNKNOWN},
    OrderKind.ASK: frozenset(Outcome),
    OrderKind.REVERSE: frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.BUSY, Outcome.NOT_SENT, Outcome.UNKNOWN}),
    OrderKind.ABORT: frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.UNREACHABLE}),
    OrderKind.PRINT: frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.UNREACHABLE}),
    OrderKind.DIAGNOSE: frozenset({Outcome.DONE, Outcome.UNREACHABLE}),
    OrderKind.TOTALS: frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.UNREACHABLE}),
}
"""Any other answer to an order of that kind is refused at the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSaid:
    """An answer of a reader, read by a bridge. Empty or None where the protocol says nothing of it."""

    outcome: Outcome
    service_id: str = ""
    poi_id: str = ""
    sale_reference: str = ""
    echoes_reference: bool = False
    """Whether `sale_reference` is known to be our own, given back, and not the reader's number in its place."""
    amount: Money | None = None
    currency: str = ""
    """Alphabetic (DZD) or numeric (012), as the protocol has it."""
    approval_code: str = ""
    masked_card: str = ""
    card_brand: str = ""
    entry_mode: str = ""
    poi_transaction_id: str = ""
    poi_transaction_at: datetime | None = None
    terminal_id: str = ""
    merchant_id: str = ""
    rrn: str = ""
    reconciliation_id: str = ""
    reason: str = ""
    boot: str = ""
    slip: tuple[str, ...] = ()
    """The customer's slip, line by line, as the reader would have printed it."""
    message: str = ""
    """The answer as it came, masked by the bridge."""
