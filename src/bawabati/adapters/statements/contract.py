"""What a statement reader does for us: a stream of lines of an acquirer or a bank, good or bad, none lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final, NamedTuple, Protocol

from bawabati.errors import CannotDo

LARGEST_FILE_BYTES: Final = 512 * 1024 * 1024
LARGEST_WORKBOOK_BYTES: Final = 64 * 1024 * 1024
MOST_LINES: Final = 2_000_000


class Source(StrEnum):
    """Whose word a file is."""

    ACQUIRER = "acquirer"
    BANK = "bank"


class LineKind(StrEnum):
    """What a line says has happened."""

    PAYMENT = "payment"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    CANCELLATION = "cancellation"
    TERMINAL_TOTAL = "terminal_total"
    """All sales of a terminal on one day in one line."""
    TOTAL = "total"
    """Of the file: what its sender says stands in it."""
    CREDIT = "credit"
    """Of a bank: a remittance of cards. What comes back below zero is one too."""
    OTHER = "other"
    """Of a bank: money that has nothing to do with cards."""
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read one sender's files. `columns` give the title of each value, or its place counted from 1.

    `words` say what kind of line begins with, or for a bank has in its label, such a word.
    """

    source: Source
    format: str
    columns: Mapping[str, str | int] = field(default_factory=dict)
    words: Mapping[str, LineKind] = field(default_factory=dict)
    delimiter: str = ";"
    encoding: str = "utf-8"
    decimal: str = ","
    dates: str = "dmy"
    """`dmy`: DD/MM/YYYY, also with points or dashes. `iso`: YYYY-MM-DD, also without dashes."""
    refunds_are_negative: bool = True
    """Otherwise what goes back is written without a sign, and the word alone says so."""


class Entry(NamedTuple):
    """One line. Sums are centimes and signed: below zero is money that leaves us.

    A tuple, because a file has a million of them.
    """

    line_number: int
    kind: LineKind
    happened_on: date | None
    happened_at: str
    """HH:MM:SS on Algerian clocks, or empty."""
    terminal: str
    merchant: str
    order_number: str
    reference: str
    approval_code: str
    card: str
    """Masked, whatever stood there."""
    gross: int
    fee: int
    vat: int
    net: int
    remittance: str
    value_on: date | None
    label: str
    sales: int | None
    """How many sales a total is of."""
    balance: int | None
    """Of a bank: after this line."""


class BadEntry(NamedTuple):
    """A line that cannot be read. `text` is the line as it came; `reason` a stable code, `detail` names the value."""

    line_number: int
    text: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file whose head has been understood. `lines` gives every line after the head once, in constant memory."""

    encoding: str
    size_bytes: int
    lines: Iterator[Entry | BadEntry]
    bytes_read: Callable[[], int]


class StatementReader(Protocol):
    """Reads one format."""

    def open(self, path: Path, layout: Layout) -> StatementFile:
        """Reads the head. Empty lines of the file are no lines. What is wrong with a line makes it a bad line.

        Raises:
            CannotDo: the file as a whole cannot be read; the sentence says what is wrong with it. `lines` may raise one
                too, where that shows only later: TooManyLines, FileDamaged.
            OSError: it cannot be opened.
        """


class FileEmpty(CannotDo):
    """There is no line, but perhaps a head."""

    code: ClassVar[str] = "statement_empty"
    sentence: ClassVar[str] = "The file is empty."


class FileTooLarge(CannotDo):
    """Larger than any honest file of this format."""

    code: ClassVar[str] = "statement_too_large"
    sentence: ClassVar[str] = "The file is larger than %(most)s MB."


class TooManyLines(CannotDo):
    """More lines than one file may have."""

    code: ClassVar[str] = "statement_too_many_lines"
    sentence: ClassVar[str] = "The file has more than %(most)s lines."


class WrongFormat(CannotDo):
    """The first bytes are those of another kind of file."""

    code: ClassVar[str] = "statement_wrong_format"
    sentence: ClassVar[str] = "This is not a %(format)s file. Choose the profile that fits it."


class FileDamaged(CannotDo):
    """It begins well and cannot be read to its end."""

    code: ClassVar[str] = "statement_damaged"
    sentence: ClassVar[str] = "The file is damaged, or protected by a password."


class ColumnsMissing(CannotDo):
    """The head does not have what the profile asks for."""

    code: ClassVar[str] = "statement_columns_missing"
    sentence: ClassVar[str] = "The file does not have these columns of its profile: %(columns)s."


class ColumnTwice(CannotDo):
    """Two columns have the same title: we will not choose between them."""

    code: ClassVar[str] = "statement_column_twice"
    sentence: ClassVar[str] = "The file has two columns of the same title: %(columns)s."
