"""Card data never enters the journal, a log or a message to the portal.

Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3; readers.md 2.A.5)
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from agency_bridge.luhn import luhn_holds

_DROPPED: Final = frozenset({"sensitivecarddata", "trackdata", "protectedcarddata", "cardholdername", "expirydate"})
_DIGITS: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", re.ASCII)
_SHOWN_FIRST: Final = 6
_SHOWN_LAST: Final = 4
_SHORTEST_CARD: Final = 12
_MASKS: Final = "*#xX•."
LONGEST_MESSAGE: Final = 4000
_DEEPEST: Final = 30


def without_card_data(value: object, depth: int = 0) -> object:
    """The same JSON value without what may hold a card's number, track or expiry."""
    if depth > _DEEPEST:
        return "…"
    match value:
        case Mapping():
            return {
                key: without_card_data(inside, depth + 1)
                for key, inside in value.items()
                if not (isinstance(key, str) and key.lower() in _DROPPED)
            }
        case list():
            return [without_card_data(inside, depth + 1) for inside in value]
        case str():
            return masked_text(value)
        case Decimal():
            return format(value, "f")
        case _:
            return value


def masked_text(text: str) -> str:
    """Free text in which every run of digits that may be a card number shows six and four digits at most."""
    return _DIGITS.sub(lambda found: _masked_run(found[0]), text)


def _masked_run(run: str) -> str:
    digits = re.sub(r"\D", "", run)
    return masked_card(digits) if luhn_holds(digits) else run


def masked_card(number: str) -> str:
    """A card number as it may be kept: the first six and last four at most, whatever the reader wrote."""
    marks = [mark for mark in number if mark.isdigit() or mark in _MASKS]
    first = _SHOWN_FIRST if len(marks) >= _SHORTEST_CARD else 0
    hidden = range(first, len(marks) - _SHOWN_LAST)
    return "".join("*" if place in hidden or mark in _MASKS else mark for place, mark in enumerate(marks))


def as_message(value: object) -> str:
    """A JSON value as the masked text that the portal shows beside the sale."""
    return json.dumps(without_card_data(value), ensure_ascii=False, separators=(",", ":"), default=str)[
        :LONGEST_MESSAGE
    ]
