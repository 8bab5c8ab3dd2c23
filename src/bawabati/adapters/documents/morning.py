"""The morning page of the board: one A4 page of figures and bars. Words are named by key; figures are text already."""

from dataclasses import dataclass
from datetime import datetime

from bawabati.adapters.documents.certificates import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningCard:
    """A period in a few figures; `word` names it."""

    word: str
    payers: str
    first_payers: str
    payments: str
    amount: str
    success: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningDay:
    """A column of the trend. `low` and `high` differ from `value` only in what is expected."""

    name: str
    value: int
    low: int
    high: int
    is_coming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningBar:
    """A row with a bar of so many thousandths of the width; `mark`: where a thin mark stands, below zero for none."""

    name: str | Named
    value: str
    filled: int
    mark: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningPart:
    """Bars under a heading; without bars, `empty` stands in their place. `says` is a sentence below."""

    word: str
    bars: tuple[MorningBar, ...]
    empty: str
    says: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningPage:
    """One page. `language` is "ar", "fr" or "en"; the moment carries its zone."""

    language: str
    company: str
    day: str
    """The last complete day, of which the page tells."""
    made_at: datetime
    cards: tuple[MorningCard, ...]
    days: tuple[MorningDay, ...]
    top: int
    """What the highest line of the trend means."""
    says: tuple[Named, ...]
    """Sentences under the trend."""
    parts: tuple[MorningPart, ...]
