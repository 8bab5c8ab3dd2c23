"""What the bank remembers of one merchant between two days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from sandbox.bank.files import BankFile
from sandbox.bank.papers import Credit, Line


@dataclass(slots=True, kw_only=True)
class MerchantAccount:
    """Everything that is still to come, and the balance."""

    merchant: str
    balance_centimes: int
    last_day: date | None = None
    """The last day that was closed."""
    statements: int = 0
    """How many there were; the number of the last one."""
    held: list[tuple[date, Line]] = field(default_factory=list)
    """Lines that come in a later file, each with the first day on which it may."""
    credits: list[Credit] = field(default_factory=list)
    """What is not paid yet."""
    late: list[BankFile] = field(default_factory=list)
    """Files that are handed over with those of the next day."""
    settled: set[int] = field(default_factory=set)
    """The movements that stand in a file, or never will."""
    touched: set[int] = field(default_factory=set)
    """The movements that a disorder has struck."""

    def due_lines(self, day: date) -> list[Line]:
        """Takes the held lines that may come now."""
        due = [line for first, line in self.held if first <= day]
        self.held = [each for each in self.held if each[0] > day]
        return due

    def due_credits(self, day: date) -> list[Credit]:
        """Takes the credits of this banking day."""
        due = [each for each in self.credits if each.due_on <= day and not each.waits_for_the_next]
        self.credits = [each for each in self.credits if each not in due]
        return due

    def to_row(self) -> dict[str, Any]:
        """Without `settled`: that grows, and is kept day by day."""
        return {
            "merchant": self.merchant,
            "balance_centimes": self.balance_centimes,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "statements": self.statements,
            "held": [[first.isoformat(), line.to_row()] for first, line in self.held],
            "credits": [each.to_row() for each in self.credits],
            "late": [each.to_row() for each in self.late],
            "touched": sorted(self.touched),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            merchant=row["merchant"],
            balance_centimes=row["balance_centimes"],
            last_day=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
            statements=row["statements"],
            held=[(date.fromisoformat(first), Line.from_row(line)) for first, line in row["held"]],
            credits=[Credit.from_row(each) for each in row["credits"]],
            late=[BankFile.from_row(each) for each in row["late"]],
            touched=set(row["touched"]),
        )
