"""What a cashier types or scans, read without guessing."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from agency_bridge.luhn import luhn_holds

_AMOUNT: Final = re.compile(r"(?P<dinars>[0-9]{1,7})(?:[.,](?P<centimes>[0-9]{1,2}))?")
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,40}")
_CARD: Final = re.compile(r"[3-6][0-9]{12,18}")
_DROPPED: Final = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf", "Cc"})


class NotReadable(Exception):  # noqa: N818 - it says what happened
    """The word of the page's vocabulary that says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def read_amount(text: str) -> int:
    """Centimes of an amount in dinars such as 1430,50 or 1 430.5.

    Raises:
        NotReadable: no amount, or one that could be read in two ways.
    """
    plain = "".join(_western(mark) for mark in text)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise NotReadable("bad_amount")
    centimes = int(Decimal(f"{found['dinars']}.{found['centimes'] or '0'}").scaleb(2))
    if centimes == 0:
        raise NotReadable("bad_amount")
    return centimes


def read_payment_number(text: str) -> str:
    """The payment number without what stands between its digits.

    Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3)

    Raises:
        NotReadable: no such number, or one that looks like a card's, which is kept nowhere.
    """
    plain = "".join(_western(mark) for mark in text).replace(".", "").upper()
    if not _NUMBER.fullmatch(plain):
        raise NotReadable("bad_number")
    if _CARD.fullmatch(plain) and luhn_holds(plain):
        raise NotReadable("card_number")
    return plain


def _western(mark: str) -> str:
    category = unicodedata.category(mark)
    if category == "Nd":
        return str(unicodedata.decimal(mark))
    if category in _DROPPED:
        return ""
    return "," if mark in "٫،" else mark
