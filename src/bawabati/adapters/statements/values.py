"""Single values as acquirers and banks write them. Quick for the usual spelling, patient with the others."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

_SEVERAL_DIFFERENT: Final = 16384  # sums, dates and words come again and again
_EARLIEST_YEAR: Final = 1990
_LATEST_YEAR: Final = 2099
_LONGEST_AMOUNT: Final = 40
_MOST_DIGITS: Final = 13
_ARABIC_MARKS: Final = str.maketrans({"٫": ",", "٬": " ", "،": ",", "−": "-", "–": "-", "'": " ", "’": " "})
_AMOUNT: Final = {
    mark: re.compile(
        rf"(?P<dinars>[0-9]+|[0-9]{{1,3}}(?:(?P<group>[ {other}])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*)"
        rf"(?:{re.escape(mark)}(?P<centimes>[0-9]{{1,2}}))?"
    )
    for mark, other in ((",", "."), (".", ","))
}
_USUAL: Final = {
    ",": re.compile(r"-?[0-9]{1,11},[0-9]{2}", re.ASCII),
    ".": re.compile(r"-?[0-9]{1,11}\.[0-9]{2}", re.ASCII),
}
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_ISO: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})", re.ASCII)
_TIME: Final = re.compile(
    r"([01]?[0-9]|2[0-3])[:hH.]([0-5][0-9])(?:[:mM.]([0-5][0-9]))?|([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?",
    re.ASCII,
)
_DIGITS_OF_A_CARD: Final = 10


class ValueFault(Exception):  # noqa: N818 - a fault of the file, not of ours
    """The value cannot be read; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@lru_cache(_SEVERAL_DIFFERENT)
def centimes(text: str, decimal: str) -> int:
    """A sum in dinars as centimes, signed: `-1 430,50`, `1430,50-` and `(1 430,50)` are the same. Raises ValueFault.

    `decimal` is the mark before the centimes; the other one and spaces may stand between thousands, and nowhere else.
    """
    if _USUAL[decimal].fullmatch(text):
        return int(text[:-3] + text[-2:])
    if len(text) > _LONGEST_AMOUNT:
        raise ValueFault("amount_not_readable")
    plain = western(text).translate(_ARABIC_MARKS if decimal == "," else _ARABIC_MARKS | {ord("٫"): "."})
    plain = "".join(" " if character.isspace() else character for character in plain).strip()
    sign = 1
    if plain.startswith("(") and plain.endswith(")"):
        sign, plain = -1, plain[1:-1].strip()
    elif plain[:1] in {"-", "+"}:
        sign, plain = -1 if plain[0] == "-" else 1, plain[1:].strip()
    elif plain.endswith("-"):
        sign, plain = -1, plain[:-1].strip()
    written = _AMOUNT[decimal].fullmatch(plain)
    if written is None:
        raise ValueFault("amount_not_readable")
    dinars = written["dinars"].replace(written["group"], "") if written["group"] else written["dinars"]
    if len(dinars.lstrip("0")) > _MOST_DIGITS:
        raise ValueFault("amount_too_large")
    return sign * (int(dinars) * 100 + int((written["centimes"] or "0").ljust(2, "0")))


@lru_cache(_SEVERAL_DIFFERENT)
def day(text: str, dates: str) -> date:
    """A date as the layout writes it. Raises ValueFault."""
    plain = western(text)
    if dates == "iso":
        written = _ISO.fullmatch(plain)
        parts = (written[1], written[3], written[4]) if written else None
    else:
        written = _DAY_FIRST.fullmatch(plain)
        parts = (written[4], written[3], written[1]) if written else None
    if parts is None:
        raise ValueFault("date_not_readable")
    year, month, number = map(int, parts)
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueFault("date_not_plausible")
    try:
        return date(year, month, number)
    except ValueError as error:
        raise ValueFault("date_not_readable") from error


@lru_cache(_SEVERAL_DIFFERENT)
def moment(text: str) -> str:
    """HH:MM:SS; nothing for nothing. Raises ValueFault."""
    if not text:
        return ""
    written = _TIME.fullmatch(western(text))
    if written is None:
        raise ValueFault("time_not_readable")
    hour, minute, second = (written[1] or written[4], written[2] or written[5], written[3] or written[6] or "00")
    return f"{int(hour):02}:{minute}:{second}"


def masked(card: str) -> str:
    """A card with nothing in it but its first four and last four digits, however it came.

    Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3; invariant I16)
    """
    if card.isascii() and card.isprintable() and sum(map(str.isdigit, card)) <= _DIGITS_OF_A_CARD:
        return card[:24]
    digits = "".join(character for character in western(card) if character.isdigit())
    return f"{digits[:4]}********{digits[-4:]}" if len(digits) > _DIGITS_OF_A_CARD else clean(card)[:24]


def western(text: str) -> str:
    """Digits 0 to 9 for those of any script, and nothing invisible."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )


def clean(text: str) -> str:
    """The text without what cannot be seen, composed, with single spaces."""
    if not text.isprintable():
        text = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) not in {"Cf", "Cc", "Cs"})
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def plain(text: str) -> str:
    """A word without case, accents, marks and spaces: titles and kinds of lines are compared so."""
    if text.isascii() and text.isalnum():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())
