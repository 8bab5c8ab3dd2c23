"""What is printed at a desk: X, Z, the signed day, the slip of a sale that is being checked. Words are named by key."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name and what stands beside it. `word` is a key of the documents' words; `named` fills its `{place}`s.

    `is_code`: a number or a name of a machine, which keeps its direction inside Arabic.
    """

    word: str
    value: str = ""
    named: tuple[tuple[str, str], ...] = ()
    is_strong: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows under a heading; without one when `word` is empty."""

    word: str = ""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One page of a desk. `language` is "ar", "fr" or "en"; the moment carries its zone.

    `banner` is a word that has to be seen first; `notes` are sentences at the end, by key. `digest` is printed small.
    """

    language: str
    title: str
    number: str = ""
    company: str
    place: str
    made_at: datetime
    banner: str = ""
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""
    signatures: tuple[str, ...] = ()
    """Whose signature belongs below, by key of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLine:
    """One line on paper of 80 mm, as a bridge prints it."""

    text: str
    align: str = "left"
    bold: bool = False
    size: int = 1
    direction: str = "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Paper of 80 mm, line by line; `qr` is an address or nothing."""

    lines: tuple[RollLine, ...]
    qr: str = ""
