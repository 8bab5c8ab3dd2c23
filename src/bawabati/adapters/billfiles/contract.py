"""What a bill file reader does for us: a stream of lines from a billing system's file, good or bad, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from bawabati.money.amount import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One bill as the billing system gave it. `lines` are what the bill says of itself, never recomputed."""

    line_number: int
    payment_number: str
    bill_number: str
    customer_number: str
    holder_name: str
    period: str
    issued_on: date
    due_on: date
    due: Money
    status: str
    """"open", "cancelled", "replaced" or "withdrawn"."""
    replaced_by: str
    estimated: bool
    lines: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that cannot be read. `text` is the line as it came; `reason` a stable code, `detail` names the column."""

    line_number: int
    text: str
    reason: str
    detail: str


class BillFileReader(Protocol):
    """Reads one format."""

    def read(self, path: Path) -> Iterator[BillLine | BadLine]:
        """Every line of the file, in order, in constant memory."""
