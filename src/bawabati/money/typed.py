"""Amounts as people and billing systems write them, read without ever guessing."""

import re
import unicodedata
from typing import ClassVar, Final

from bawabati.errors import CannotDo
from bawabati.money.amount import Money

MOST_DIGITS_OF_DINARS: Final = 12


class AmountNotReadable(CannotDo):
    """The text is no amount."""

    code: ClassVar[str] = "amount_not_readable"
    sentence: ClassVar[str] = "This is not an amount. Write it like 1430,50 or 1 430.50."


class AmountAmbiguous(CannotDo):
    """One point or comma before exactly three digits: thousands to some, decimals to others."""

    code: ClassVar[str] = "amount_ambiguous"
    sentence: ClassVar[str] = "This amount can be read in two ways. Write it with two decimals, like 1430,50."


class AmountNegative(CannotDo):
    """A minus sign. Money is never negative here; a credit is not written as a bill."""

    code: ClassVar[str] = "amount_negative"
    sentence: ClassVar[str] = "An amount cannot be negative."


class AmountTooLarge(CannotDo):
    """More digits than any water bill has, or than we can say in words."""

    code: ClassVar[str] = "amount_too_large"
    sentence: ClassVar[str] = "This amount is too large."


_LONGEST_TEXT: Final = 40
_ARABIC_MARKS: Final = str.maketrans({"٫": ",", "،": ",", "٬": " "})
_PLAIN: Final = re.compile(r"(?P<dinars>[0-9]+)(?:[.,](?P<centimes>[0-9]{1,2}))?|[.,](?P<alone>[0-9]{1,2})")
_GROUPED: Final = re.compile(
    r"(?P<dinars>[0-9]{1,3}(?P<group>[ .,])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"(?:(?!(?P=group))[.,](?P<centimes>[0-9]{1,2}))?"
)
_ONE_MARK_BEFORE_THREE_DIGITS: Final = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


def parse_amount(text: str) -> Money:
    """Read an amount in dinars.

    Accepts a point or a comma before one or two decimals, thousands grouped by any kind of space, or by the
    other of point and comma, and the digits and marks of Arabic. Everything that `figures` writes is read
    back as the same amount.

    Raises:
        AmountAmbiguous: "1.430" or "1,430" may be thousands or decimals.
        AmountNegative: there is a minus sign.
        AmountTooLarge: more than twelve digits of dinars.
        AmountNotReadable: anything else, a currency included.
    """
    if len(text) > _LONGEST_TEXT:
        raise AmountNotReadable
    plain = _in_plain_characters(text)
    if plain[:1] in {"-", "−"} and len(plain) > 1:
        raise AmountNegative
    if _ONE_MARK_BEFORE_THREE_DIGITS.fullmatch(plain):
        raise AmountAmbiguous
    if match := _PLAIN.fullmatch(plain):
        return _money(match["dinars"] or "0", match["centimes"] or match["alone"] or "")
    if match := _GROUPED.fullmatch(plain):
        return _money(match["dinars"].replace(match["group"], ""), match["centimes"] or "")
    raise AmountNotReadable


def _in_plain_characters(text: str) -> str:
    """Western digits, plain spaces, no invisible direction marks, nothing around."""
    return "".join(_plain_character(character) for character in text.translate(_ARABIC_MARKS)).strip(" ")


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    return "" if category == "Cf" else character


def _money(dinars: str, centimes: str) -> Money:
    whole = dinars.lstrip("0")
    if len(whole) > MOST_DIGITS_OF_DINARS:
        raise AmountTooLarge
    return Money(int(whole or "0") * 100 + int(centimes.ljust(2, "0")))
