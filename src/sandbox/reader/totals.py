"""The sums of a batch, as a till asks for them and as a reconciliation closes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from sandbox.reader.transactions import Category, Direction, Transaction


class Moved(StrEnum):
    """What was done with the money; the names are nexo's."""

    DEBIT = "Debit"
    CREDIT = "Credit"
    REVERSE_DEBIT = "ReverseDebit"
    REVERSE_CREDIT = "ReverseCredit"
    DECLINED = "Declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sum of one brand."""

    brand: str
    moved: Moved
    count: int
    amount_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A batch as it was closed."""

    batch: int
    at: float
    lines: tuple[Line, ...]

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        lines = tuple(Line(**{**line, "moved": Moved(line["moved"])}) for line in row["lines"])
        return cls(batch=row["batch"], at=row["at"], lines=lines)


def totals_of(transactions: Iterable[Transaction]) -> tuple[Line, ...]:
    """Sorted by brand, then by what was done; what has not ended, and what had no card, counts nowhere."""
    sums: dict[tuple[str, Moved], tuple[int, int]] = {}
    for each in transactions:
        if each.ending is None or not each.brand:
            continue
        key = (each.brand, _moved(each))
        count, amount = sums.get(key, (0, 0))
        sums[key] = (count + 1, amount + (each.amount_centimes or each.wanted.amount_centimes))
    order = list(Moved)
    return tuple(
        Line(brand=brand, moved=moved, count=count, amount_centimes=amount)
        for (brand, moved), (count, amount) in sorted(
            sums.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        )
    )


def _moved(transaction: Transaction) -> Moved:
    if transaction.ending is None or not transaction.ending.moved_money:
        return Moved.DECLINED
    back = transaction.category is Category.REVERSAL
    if transaction.wanted.direction is Direction.CREDIT:
        return Moved.REVERSE_CREDIT if back else Moved.CREDIT
    return Moved.REVERSE_DEBIT if back else Moved.DEBIT
