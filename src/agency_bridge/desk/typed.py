"""What a cashier types or scans, read without guessing."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from agency_bridge.luhn import luhn_holds

_AMOUNT: Final = re.compile(r"(?P<dinars>[0-9]{1,7})(?:[.,](?P<centimes>[0-9]{1,2}))?")
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,40}")
_CARD: Final = re.compile(r"(?:4|5[0-8]|2[2-7]|3[0456789]|6)[0-9]{11,18}")
"""As cards begin; payment numbers may begin with what is left. The length is looked at apart."""
_CARD_DIGITS: Final = range(13, 20)
_SPACES: Final = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})
_DASHES: Final = frozenset({"Pd"})


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
    plain = "".join(_western(mark, dropped=_SPACES) for mark in text)
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
    plain = "".join(_western(mark, dropped=_SPACES | _DASHES) for mark in text).replace(".", "").upper()
    if not _NUMBER.fullmatch(plain):
        raise NotReadable("bad_number")
    if len(plain) in _CARD_DIGITS and _CARD.fullmatch(plain) and luhn_holds(plain):
        raise NotReadable("card_number")
    return plain


def _western(mark: str, *, dropped: frozenset[str]) -> str:
    category = unicodedata.category(mark)
    if category == "Nd":
        return str(unicodedata.decimal(mark))
    if category in dropped:
        return ""
    return "," if mark in "٫،" else mark
