"""The certificate of a closed day: tables, and what lets anybody check them. Words are named by key."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A word of the documents; `named` fills its `{place}`s."""

    word: str
    named: tuple[tuple[str, str], ...] = ()


Cell = str | Named
"""A text as it is, or a word in the language of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a heading; `word`, `columns` and `empty` are keys. Without rows, `empty` stands in its place.

    The first `texts` columns hold words, the others figures. `total` is a last row that is seen first.
    """

    word: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    empty: str = ""
    texts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A4 pages. `language` is "ar", "fr" or "en"; the moment carries its zone; `seals` are a word and what it names."""

    language: str
    company: str
    number: str
    day: str
    made_at: datetime
    verdict: str
    """Key of the sentence that is read first."""
    agrees: bool
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    seals: tuple[tuple[str, str], ...]
