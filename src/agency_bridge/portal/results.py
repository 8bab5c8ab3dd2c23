"""A result as the portal takes it: no text longer than its field there, so that none is ever sent back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from agency_bridge.drivers.contract import Seen
from agency_bridge.moments import read_moment, written
from agency_bridge.redaction import LONGEST_MESSAGE

_LONGEST: Final[Mapping[str, int]] = {
    "sale_reference": 100,
    "reason": 100,
    "masked_card": 30,
    "currency": 3,
    "global_status": 12,
    "printer": 20,
}
_LONGEST_OTHER: Final = 40
_LONGEST_BOOT: Final = 80
_LONGEST_LINE: Final = 120
_MOST_LINES: Final = 80
_MOST_TOTALS: Final = 100


def result_row(seen: Seen, *, at: datetime) -> dict[str, Any]:
    """What is journaled and goes up. Amounts and outcomes are never changed; texts are cut."""
    return {
        "outcome": seen.outcome.value,
        "at": written(at),
        "boot": seen.boot[:_LONGEST_BOOT],
        "answer": {name: _fitting(name, value) for name, value in seen.answer_row().items()},
        "message": seen.message[:LONGEST_MESSAGE],
    }


def _fitting(name: str, value: object) -> object:
    match value:
        case str() if name == "poi_transaction_at":
            return written(read_moment(value))
        case str():
            return value[: _LONGEST.get(name, _LONGEST_OTHER)]
        case {"customer": customer, "merchant": merchant}:
            return {"customer": _lines(customer), "merchant": _lines(merchant)}
        case list() | tuple():
            return list(value[:_MOST_TOTALS])
        case _:
            return value


def _lines(lines: tuple[str, ...]) -> list[str]:
    return [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]]
