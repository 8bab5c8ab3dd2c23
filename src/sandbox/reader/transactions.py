"""What a reader remembers of a sale, a refund or a reversal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from sandbox.reader.faults import Fault


class Category(StrEnum):
    """What the till asked for."""

    PAYMENT = "Payment"
    REVERSAL = "Reversal"


class Direction(StrEnum):
    """Where the money goes: out of the card holder's account, or back to it."""

    DEBIT = "debit"
    CREDIT = "credit"


class Ending(StrEnum):
    """How it ended."""

    APPROVED = "approved"
    PARTIAL = "partial"
    """Less was taken than was asked for."""
    REFUSED = "refused"
    WRONG_PIN = "wrong_pin"
    INVALID_CARD = "invalid_card"
    CANCELLED = "cancelled"
    """By the customer, with the red key."""
    TIMED_OUT = "timed_out"
    """Nobody presented a card, or keyed the PIN."""
    CARD_REMOVED = "card_removed"
    ABORTED = "aborted"
    """By the till."""
    HOST_UNREACHABLE = "host_unreachable"
    POWER_CUT = "power_cut"

    @property
    def moved_money(self) -> bool:
        return self in {Ending.APPROVED, Ending.PARTIAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a till asks of the reader. `service_id` is empty on a protocol without one."""

    amount_centimes: int
    currency: str
    direction: Direction = Direction.DEBIT
    service_id: str = ""
    sale_id: str = ""
    reference: str = ""
    reference_at: str = ""
    sale_reference: str = ""
    operator: str = ""
    shift: str = ""
    totals_group: str = ""
    language: str = "fr"


@dataclass(slots=True, kw_only=True)
class Transaction:
    """One line of the reader's log. It is open until `ending` is set."""

    poi_id: str
    identifier: str
    """The reader's own, unique for ever."""
    stan: int
    batch: int
    category: Category
    wanted: Wanted
    began_at: float
    skew_seconds: float = 0.0
    """By how much the reader's clock was wrong."""
    ending: Ending | None = None
    response_code: str = ""
    """What the issuer said."""
    amount_centimes: int = 0
    """What was taken or given; 0 when nothing was."""
    pan_masked: str = ""
    brand: str = ""
    account: str = ""
    entry_mode: str = ""
    pin_given: bool = False
    approval_code: str = ""
    rrn: str = ""
    reverses: str = ""
    """Of a reversal: the identifier of what it takes back."""
    reversed_by: str = ""
    printed: bool = False
    is_over: bool = False
    """The slip is printed; the till may be answered."""
    ended_at: float = 0.0
    line_is_cut: bool = False
    """The reader lost its power meanwhile: nobody can answer on the old connection."""
    fault: Fault | None = field(default=None, repr=False)
    polls_left: int = 0
    """How often a question is still answered with: in progress."""

    @property
    def at(self) -> float:
        """When it was, by the reader's clock."""
        return self.began_at + self.skew_seconds

    @property
    def books(self) -> str:
        """The name under which the issuer's books have its money; a reversal's is that of what it takes back."""
        return f"{self.poi_id}/{self.reverses or self.identifier}"

    @property
    def counts(self) -> bool:
        """Whether money moved and was not taken back."""
        return self.ending is not None and self.ending.moved_money and not self.reversed_by

    def to_row(self) -> dict[str, Any]:
        row = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "fault"}
        return row | {"wanted": {each.name: getattr(self.wanted, each.name) for each in fields(self.wanted)}}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        wanted = Wanted(**{**row["wanted"], "direction": Direction(row["wanted"]["direction"])})
        ending = Ending(row["ending"]) if row["ending"] else None
        return cls(**{**row, "wanted": wanted, "ending": ending, "category": Category(row["category"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing was begun."""

    why: Why
    message: str


class Why(StrEnum):
    """What stands in the way of beginning."""

    BUSY = "busy"
    LOGGED_OUT = "logged_out"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    REPEATED = "repeated"
    """The same identifier was used before."""
