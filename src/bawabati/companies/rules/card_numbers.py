"""Card numbers where none belongs. They are refused before anything is stored, looked up or logged.

What looks like one: 13 to 19 digits that begin as payment cards do, with a right Luhn digit. About one in forty of all
14-digit numbers does so by chance, which is why numbers that we mint are drawn again when they do.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import ClassVar, Final

from stdnum import luhn

from bawabati.errors import CannotDo


class LooksLikeACardNumber(CannotDo):
    """The text holds what may be a card number. The text itself must not be kept anywhere."""

    code: ClassVar[str] = "looks_like_a_card_number"
    sentence: ClassVar[str] = (
        "This looks like a bank card number. Never type it here: it is asked only on the bank's own page."
    )


_SHORTEST: Final = 13
_LONGEST: Final = 19
_BEGINS_LIKE_A_CARD: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[0-8]\d{11,17}"  # Mastercard, Maestro
    r"|2[2-7]\d{14}"  # Mastercard, second range
    r"|3[47]\d{13}"  # American Express
    r"|3[0689]\d{12,17}"  # Diners Club
    r"|35\d{14,17}"  # JCB
    r"|6\d{12,18}",  # CIB (6280, 6394), Maestro, UnionPay, Discover
    re.ASCII,
)
_BEGINS_WITH_AN_ALGERIAN_CARD: Final = re.compile(r"(?:6280|6394)\d{12}", re.ASCII)

_MOST_PIECES: Final = 6  # six pieces of three are eighteen digits; one more would be too long

# People group card digits by three or more, with one mark between. Shorter pieces are dates, times and telephones.
BETWEEN_DIGITS: Final = " .-_/"
_PIECES: Final = re.compile(rf"(?<!\d)\d{{3,10}}(?:[{re.escape(BETWEEN_DIGITS)}]\d{{3,10}}(?!\d))+", re.ASCII)
_UNBROKEN: Final = re.compile(r"\d{13,}", re.ASCII)


def looks_like_a_card_number(text: str) -> bool:
    """Whether `text`, a single value or a longer free text, holds what may be a card number.

    Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3; invariant I16)
    """
    if len(text) < _SHORTEST:
        return False
    return any(_is_a_card(digits) for digits in _candidates(_plain(text)))


def _candidates(text: str) -> Iterator[str]:
    for unbroken in _UNBROKEN.findall(text):
        yield unbroken
        if card := _BEGINS_WITH_AN_ALGERIAN_CARD.match(unbroken):  # with its expiry and CVV2 typed on behind
            yield card[0]
    if text.isdigit():
        return
    for grouped in _PIECES.findall(text):
        yield from _neighbours_joined(re.findall(r"\d+", grouped))


def _neighbours_joined(pieces: list[str]) -> Iterator[str]:
    for first in range(len(pieces)):
        joined = pieces[first]
        for piece in pieces[first + 1 : first + _MOST_PIECES]:
            joined += piece
            if len(joined) > _LONGEST:
                break
            if len(joined) >= _SHORTEST:
                yield joined


def _is_a_card(digits: str) -> bool:
    return _BEGINS_LIKE_A_CARD.fullmatch(digits) is not None and luhn.is_valid(digits)


def _plain(text: str) -> str:
    """Western digits, plain spaces and dashes, nothing invisible: a disguise changes nothing."""
    if text.isascii():
        return text
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Cf":
            return ""
        case _:
            return character
