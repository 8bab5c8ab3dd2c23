"""What stands in the bank's files, before it is written in one format or another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from sandbox.bank.movements import Movement
from sandbox.bank.settings import BankSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the acquirer's file, sums in centimes with their sign."""

    movement: Movement
    gross: int
    fee: int
    vat: int
    net: int

    @classmethod
    def of(cls, movement: Movement, settings: BankSettings, *, gross: int | None = None) -> Self:
        """The line as it should be, or with another sum of which everything else is reckoned."""
        sum_of_it = movement.centimes if gross is None else gross
        fee, vat = settings.fees.fee_of(sum_of_it)
        return cls(movement=movement, gross=sum_of_it, fee=fee, vat=vat, net=sum_of_it - fee - vat)

    def with_fee(self, fee: int) -> Self:
        return replace(self, fee=fee, net=self.gross - fee - self.vat)

    def with_vat(self, vat: int) -> Self:
        return replace(self, vat=vat, net=self.gross - self.fee - vat)

    def to_row(self) -> dict[str, Any]:
        sums = {"gross": self.gross, "fee": self.fee, "vat": self.vat, "net": self.net}
        return {"movement": self.movement.to_row(), **sums}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{**row, "movement": Movement.from_row(row["movement"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The last line of the acquirer's file."""

    gross: int
    fee: int
    vat: int
    net: int
    count: int

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Self:
        return cls(
            gross=sum(each.gross for each in lines),
            fee=sum(each.fee for each in lines),
            vat=sum(each.vat for each in lines),
            net=sum(each.net for each in lines),
            count=len(lines),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquirerPaper:
    """The acquirer's file of one merchant and day."""

    merchant: str
    day: date
    lines: tuple[Line, ...]
    total: Total
    remittance: str
    value_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What the acquirer pays for one or several remittances; below zero it is taken. Due on a banking day."""

    remittances: tuple[str, ...]
    centimes: int
    due_on: date
    waits_for_the_next: bool = False
    """It is paid together with the next remittance."""

    @property
    def reference(self) -> str:
        return self.remittances[-1]

    @property
    def label(self) -> str:
        return f"REMISE CARTES {' '.join(self.remittances)}"

    def to_row(self) -> dict[str, Any]:
        return {
            "remittances": list(self.remittances),
            "centimes": self.centimes,
            "due_on": self.due_on.isoformat(),
            "waits_for_the_next": self.waits_for_the_next,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        changed = {"remittances": tuple(row["remittances"]), "due_on": date.fromisoformat(row["due_on"])}
        return cls(**{**row, **changed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the bank's statement; below zero it is a debit."""

    label: str
    reference: str
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPaper:
    """The bank's statement of one merchant and day."""

    merchant: str
    account: str
    day: date
    number: int
    opening: int
    entries: tuple[Entry, ...]
    closing: int
    """What stands in the file; a disorder may make it wrong."""


def banking_day_after(day: date, settings: BankSettings) -> date:
    """The day on which what was paid on `day` is credited."""
    found, left = day, settings.credit_after_days
    while left:
        found += timedelta(days=1)
        left -= found.isoweekday() not in settings.rest_days
    return found
