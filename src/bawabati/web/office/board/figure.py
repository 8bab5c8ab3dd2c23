"""One figure of the board: what it says, its picture, and the table that stands behind it and leaves as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import get_language

from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import whole, with_currency
from bawabati.web.shared.frame import direction_of
from bawabati.web.shared.pictures import Bar, Columns

Cell = str | int | Money | date | None
"""A cell of the table: in a file it stays what it is."""

NOTHING: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """A row of a figure whose picture is a table: a name, its bar, and what it amounts to."""

    name: str
    bar: Bar
    value: str
    more: str = ""
    kind: str = ""
    """A class of the style: of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`says` is the message in one sentence. Words are translated already."""

    slug: str
    title: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[BarRow, ...] = ()
    columns: Columns | None = None
    scale: tuple[str, ...] = ()
    """What the lines of the columns mean, from the top down."""
    scale_says: str = ""
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    """Kind and words of what is drawn, where there is more than one."""

    @property
    def has_something(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.bars or self.columns)


def from_the_right() -> bool:
    """Whether the page is read from the right."""
    return direction_of(get_language() or "ar") == "rtl"


def count(number: int) -> str:
    """A whole number as people read it: "1 430"."""
    return whole(number, get_language() or "ar")


def dinars(centimes: int) -> str:
    """An amount of a page, with its currency; what is below zero with its sign."""
    shown = with_currency(Money(abs(centimes)), get_language() or "ar")
    return f"−{shown}" if centimes < 0 else shown


def percent(part: int, of: int) -> str:
    """A share in whole percent: "62 %"; a dash where there is no whole. A part that is there is never "0 %"."""
    if not of:
        return NOTHING
    rounded = (200 * part + of) // (2 * of)
    return "< 1\u00a0%" if part and not rounded else f"{rounded}\u00a0%"


def as_words(cell: Cell) -> str:
    """A cell as the page shows it."""
    match cell:
        case None:
            return NOTHING
        case str():
            return cell
        case Money():
            return dinars(cell.centimes)
        case int():
            return count(cell)
        case _:
            return display_day(cell)


def is_number(cell: Cell) -> bool:
    """Whether it stands at the end of its column."""
    return isinstance(cell, int | Money)


def shown_rows(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[str, bool]]]:
    """Each cell in words, and whether it is a number."""
    return [[(as_words(cell), is_number(cell)) for cell in row] for row in rows]
