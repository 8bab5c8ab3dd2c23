"""Tables that leave as files: CSV and XLSX, written row by row, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Final, Protocol

from bawabati.money.amount import Money


@dataclass(frozen=True, slots=True)
class Signed:
    """An amount that may be below zero."""

    centimes: int


Cell = str | int | Money | Signed | date | datetime | None
"""An amount is `Money` or `Signed`: in the file it is a number of dinars. A moment is written on Algerian clocks."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. `rows` is walked once, so it may be longer than memory.

    `made_at` is written into the file's own description and is the only moment in it: the same sheet gives the same
    bytes. `for_people`: with what a spreadsheet needs to see letters right; without it a file is for a machine.
    `year_first`: days as 2026-02-05, which lists are put in order by; otherwise as 05/02/2026.
    """

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    made_at: datetime
    language: str = "fr"
    for_people: bool = False
    year_first: bool = False


class SheetWriter(Protocol):
    """Writes tables in one format. Safe to share between threads."""

    content_type: str
    """As HTTP names the format."""

    def write(self, sheet: Sheet, into: IO[bytes]) -> None:
        """The whole file, in constant memory."""


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet calculates. Rule: files-never-calculate (OWASP, CSV injection)"""
    return f"'{text}" if text.startswith(_FORMULA) else text
