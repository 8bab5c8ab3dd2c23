"""What stands in a cell, as the text that a person would have typed into a CSV."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

LARGEST_EXACT: Final = 2**53
"""A spreadsheet keeps numbers as floating point: above this, digits are lost."""

Cell = int | float | str | bool | time | date | datetime | timedelta


class DigitsLost(Exception):  # noqa: N818 - of the file, not an error of ours
    """A long number stands in the sheet as a number instead of as text, and is not what it was."""


def text_of(cell: Cell) -> str:
    """Days as 05/10/2026, amounts with their centimes, numbers with all their digits. Raises DigitsLost."""
    match cell:
        case str():
            return cell
        case bool():
            return "1" if cell else "0"
        case int():
            return str(cell)
        case float():
            return _number(cell)
        case date():  # a datetime is one
            return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
        case _:
            return str(cell)


def _number(value: float) -> str:
    if abs(value) >= LARGEST_EXACT:
        raise DigitsLost
    if value.is_integer():
        return str(int(value))
    in_centimes = round(value * 100)
    # What a sum of floats is off by is nobody's centime; anything more is left for the reader to refuse.
    return f"{in_centimes / 100:.2f}" if abs(value * 100 - in_centimes) < 1e-4 else repr(value)  # noqa: PLR2004 - centimes
