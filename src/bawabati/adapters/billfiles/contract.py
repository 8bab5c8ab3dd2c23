"""What a bill file reader does for us: a stream of lines from a billing system's file, good or bad, none lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final, NamedTuple, Protocol

from bawabati.errors import CannotDo
from bawabati.money.amount import Money

COMPUTED: Final = "=+-@"
"""A spreadsheet computes a value that begins with one of these."""


class FileEmpty(CannotDo):
    """There is no line but perhaps the head."""

    code: ClassVar[str] = "bill_file_empty"
    sentence: ClassVar[str] = "The file holds no bills."


class BillLine(NamedTuple):
    """One bill as the billing system gave it. `lines` are what the bill says of itself, never recomputed.

    A tuple, because a file has a million of them.
    """

    line_number: int
    text: str
    """The line as it came."""
    payment_number: str
    """Empty where the billing system has none."""
    bill_number: str
    customer_number: str
    holder_name: str
    period: str
    issued_on: date
    due_on: date
    due: Money
    status: str
    """"open", "cancelled", "replaced", "withdrawn", or "settled": paid elsewhere."""
    replaced_by: str
    estimated: bool
    lines: tuple[tuple[str, Money], ...]
    free_text: str = ""
    """What else stands in the line and is neither number, day nor word of a list: labels, columns that we ignore."""
    phone: str = ""
    """Where the customer may be written to, as the file spells it; empty where it says nothing."""
    email: str = ""
    language: str = ""


class BadLine(NamedTuple):
    """A line that cannot be read. `text` is the line as it came; `reason` a stable code, `detail` names the column."""

    line_number: int
    text: str
    reason: str
    detail: str
    due: Money | None = None
    """What is due, where that much could be read: control totals count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFile:
    """A file whose head has been understood. `lines` gives every line after the head once, in constant memory."""

    head: str
    """The line of column names, as it came."""
    delimiter: str
    encoding: str
    ignored_columns: tuple[str, ...]
    """Columns whose name says nothing to us."""
    size_bytes: int
    lines: Iterator[BillLine | BadLine]
    bytes_read: Callable[[], int]
    """How far `lines` has come."""
    texts: Callable[[], Iterator[tuple[int, str]]]
    """Reads the file again: the number and the text of each of the same lines."""


class BillFileReader(Protocol):
    """Reads one format."""

    def open(self, path: Path) -> BillFile:
        """Reads the head. Empty lines of the file are no lines.

        Raises:
            CannotDo: the file as a whole cannot be read; the sentence says what is wrong with it.
            OSError: it cannot be opened.
        """
