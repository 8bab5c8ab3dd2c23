"""The cards of the acquirer's deck, as data that an operator may replace: cards change at each certification."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

PUBLISHED: Final = Path(__file__).with_name("deck.json")
"""The published test cards of the certification environment. They pay nothing anywhere else."""


class Scenario(StrEnum):
    """What a card of the deck is there to show."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    LOST = "lost"
    STOLEN = "stolen"
    WRONG_EXPIRY = "wrong_expiry"
    UNKNOWN_CARD = "unknown_card"
    CARD_CEILING = "card_ceiling"
    BALANCE = "balance"
    WRONG_CVV2 = "wrong_cvv2"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a scenario's name
    THREE_WRONG_PASSWORDS = "three_wrong_passwords"
    NOT_AUTHORISED = "not_authorised"
    INACTIVE = "inactive"
    TERMINAL_CEILING = "terminal_ceiling"
    EXPIRED = "expired"


class DeckNotReadable(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """The file is no deck. The message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card with what is typed, and how the acquirer's environment is to answer."""

    id: str
    scenario: Scenario
    number: str = field(repr=False)
    expiry: str
    """`MM/YYYY`, as it is typed."""
    cvv2: str = field(repr=False)
    password: str = field(repr=False)
    """The static password of the certification environment; the sandbox sends a code instead."""
    answers: tuple[str, ...]
    """The response or action codes that this card is to bring; empty for an accepted one."""

    @property
    def masked(self) -> str:
        """As it may be shown."""
        return f"{self.number[:4]} **** **** {self.number[-4:]}"

    @property
    def is_accepted(self) -> bool:
        """Whether it is to pay."""
        return self.scenario is Scenario.ACCEPTED

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Raises ValueError or TypeError with words about the row."""
        known = {each.name for each in fields(cls)}
        if row.keys() != known:
            raise ValueError(f"needs exactly the keys {', '.join(sorted(known))}")
        for name, pattern in _SHAPES.items():
            if not isinstance(row[name], str) or not re.fullmatch(pattern, row[name], re.ASCII):
                raise ValueError(f"{name} does not look like one")
        if not isinstance(row["answers"], list) or not all(isinstance(code, str) for code in row["answers"]):
            raise ValueError("answers is a list of codes, each a text")
        if row["scenario"] not in list(Scenario):
            raise ValueError(f"scenario is one of {', '.join(Scenario)}")
        return cls(**{**row, "scenario": Scenario(row["scenario"]), "answers": tuple(row["answers"])})


_SHAPES: Final = {
    "id": r"[a-z0-9-]{1,40}",
    "number": r"\d{13,19}",
    "expiry": r"(0[1-9]|1[0-2])/\d{4}",
    "cvv2": r"\d{3}",
    "password": r".{0,40}",
}


def read_deck(path: Path) -> tuple[Card, ...]:
    """The cards, in the file's order; never empty, and one of them is to be accepted. Raises DeckNotReadable.

    No message holds a card's number.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["cards"]
    except OSError as error:
        raise DeckNotReadable(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DeckNotReadable(f'{path} is not a JSON object with a list "cards"') from error
    if not isinstance(rows, list):
        raise DeckNotReadable(f'{path}: "cards" is not a list')
    cards = tuple(_card(path, place, row) for place, row in enumerate(rows, start=1))
    if len({card.id for card in cards}) != len(cards):
        raise DeckNotReadable(f"{path}: two cards have the same id")
    if not any(card.is_accepted for card in cards):
        raise DeckNotReadable(f"{path}: no card is to be accepted")
    return cards


def _card(path: Path, place: int, row: object) -> Card:
    try:
        if not isinstance(row, dict):
            raise TypeError("is not an object")  # noqa: TRY301 - every mistake of a row is told the same way
        return Card.from_json(row)
    except (ValueError, TypeError) as error:
        raise DeckNotReadable(f"{path}: card {place} {error}") from error
