"""Single values as billing systems write them. Quick for the usual spelling, patient with the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from bawabati.adapters.billfiles.contract import COMPUTED
from bawabati.adapters.billfiles.spelling.columns import plain_name
from bawabati.money.amount import Money
from bawabati.money.typed import parse_amount

_SEVERAL_DIFFERENT: Final = 8192  # dates, periods and labels come again and again


class ValueFault(Exception):  # noqa: N818 - a fault of the file, not of ours
    """The value cannot be read; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


_STATUSES: Final[Mapping[str, str]] = {
    plain_name(word): status
    for status, words in {
        "open": ("", "open", "unpaid", "ouverte", "impayée", "à payer", "مفتوحة", "غير مدفوعة"),
        "cancelled": ("cancelled", "canceled", "annulée", "ملغاة"),
        "replaced": ("replaced", "remplacée", "معوضة"),
        "withdrawn": ("withdrawn", "retirée", "مسحوبة"),
        "settled": ("settled", "paid", "payée", "réglée", "مدفوعة", "مسددة"),
    }.items()
    for word in words
}
_YES_OR_NO: Final[Mapping[str, bool]] = {
    plain_name(word): answer
    for answer, words in {
        True: ("1", "yes", "y", "true", "oui", "o", "vrai", "x", "نعم"),
        False: ("", "0", "no", "n", "false", "non", "faux", "لا"),
    }.items()
    for word in words
}

_USUAL_AMOUNT: Final = re.compile(r"([0-9]{1,10})[.,]([0-9]{2})", re.ASCII)
_DATE: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<mark>[/.-])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})"
    r"|(?P<iso_year>[0-9]{4})(?P<iso_mark>-?)(?P<iso_month>[0-9]{2})(?P=iso_mark)(?P<iso_day>[0-9]{2})",
    re.ASCII,
)
_INVISIBLE: Final = frozenset({"Cf", "Cc"})
_EARLIEST_YEAR: Final = 1980
_LATEST_YEAR: Final = 2099


@lru_cache(_SEVERAL_DIFFERENT)  # prices times whole cubic metres: few bills have amounts of their own
def amount(text: str) -> Money:
    """Dinars and centimes. Raises what `parse_amount` raises."""
    usual = _USUAL_AMOUNT.fullmatch(text)
    return Money(int(usual[1] + usual[2])) if usual else parse_amount(text)


@lru_cache(_SEVERAL_DIFFERENT)
def day(text: str) -> date:
    """A date, day first or ISO, with or without dashes. Raises ValueFault. Two digits are no year."""
    written = _DATE.fullmatch(western(text).strip())
    if written is None:
        raise ValueFault("date_not_readable")
    year, month, number = (int(written[part] or written[f"iso_{part}"]) for part in ("year", "month", "day"))
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueFault("date_not_plausible")
    try:
        return date(year, month, number)
    except ValueError as error:
        raise ValueFault("date_not_readable") from error


@lru_cache(_SEVERAL_DIFFERENT)
def status(text: str) -> str:
    """One of the five statuses; nothing written is "open". Raises ValueFault."""
    if (word := plain_name(text)) not in _STATUSES:
        raise ValueFault("status_unknown")
    return _STATUSES[word]


@lru_cache(_SEVERAL_DIFFERENT)
def yes_or_no(text: str) -> bool:
    """Whether it says yes; nothing written is no. Raises ValueFault."""
    if (word := plain_name(text)) not in _YES_OR_NO:
        raise ValueFault("yes_or_no_not_readable")
    return _YES_OR_NO[word]


def labelled_amounts(text: str) -> tuple[tuple[str, Money], ...]:
    """`Eau = 157,50 + TVA = 14,18`. Raises ValueFault, or what `parse_amount` raises."""
    pairs = []
    for part in text.split("+") if text.strip() else ():
        label, equals, written = part.rpartition("=")
        if not equals or not label.strip():
            raise ValueFault("lines_not_readable")
        pairs.append((clean(label), amount(written.strip())))
    return tuple(pairs)


def clean(text: str) -> str:
    """The text without what cannot be seen, composed, with single spaces."""
    if not text.isprintable():
        text = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) not in _INVISIBLE)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()) if "  " in text else text.strip()


def western(text: str) -> str:
    """Digits 0 to 9 for those of any script, and nothing invisible."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )


def unguarded(text: str) -> str:
    """Without the apostrophe with which our files of bad lines keep a spreadsheet from computing a value."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple(COMPUTED) else text
