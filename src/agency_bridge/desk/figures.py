"""Numbers as they are read: amounts, receipt numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agency_bridge.desk.words import say

_NO_BREAK: Final = "\u00a0"


def dinars(centimes: int, language: str) -> str:
    """1 234,56 DA, with spaces that no line breaks at."""
    whole, rest = divmod(centimes, 100)
    grouped = f"{whole:,}".replace(",", _NO_BREAK)
    return f"{grouped},{rest:02d}{_NO_BREAK}{say('dinars', language)}"


def receipt_number(block: Mapping[str, Any], number: int) -> str:
    """As the portal prints the same number, e.g. 2026-C1B-0000101. Rule: receipt-numbers (behaviour.md 2)"""
    return f"{block.get('year', '')}-{block.get('kind', '')}-{number:07d}"
