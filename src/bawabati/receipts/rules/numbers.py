"""How receipts are numbered, and how a number is read again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from bawabati.errors import CannotDo

WEB: Final = "web"
"""The series of what is paid online."""


def printed_number(*, year: int, kind: str, number: int) -> str:
    """A receipt's number as it is printed, e.g. 2026-W-0000042, or 2026-W-R3F0K2-0000001 after a restoration.

    Rule: receipt-numbers (behaviour.md 2)
    """
    mark = f"W{kind[len(WEB) :]}" if kind == WEB or kind.startswith(f"{WEB}-") else kind
    return f"{year}-{mark}-{number:07d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number that a receipt has, in its series."""

    series_id: int
    year: int
    kind: str
    number: int

    @property
    def printed(self) -> str:
        """As it stands on the receipt."""
        return printed_number(year=self.year, kind=self.kind, number=self.number)


class NoSuchReceipt(CannotDo):
    """The company has no receipt of that number, or it is not a receipt's number at all."""

    code: ClassVar[str] = "no_such_receipt"
    sentence: ClassVar[str] = "There is no receipt with this number."


_PRINTED: Final = re.compile(r"(\d{4})-([A-Za-z0-9_-]{1,20})-(\d{7,9})", re.ASCII)


def parse_printed_number(text: str) -> tuple[int, str, int]:
    """Year, kind and number within the series, of a number as it is printed. Raises NoSuchReceipt."""
    found = _PRINTED.fullmatch(text.strip())
    if found is None:
        raise NoSuchReceipt
    year, mark, number = found.groups()
    return int(year), f"{WEB}{mark[1:]}" if mark == "W" or mark.startswith("W-") else mark, int(number)
