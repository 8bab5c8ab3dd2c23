"""Amounts as people read them: three languages, digits always 0 to 9 (decree 71-185).

Groups and currency are tied with U+00A0. The narrow U+202F would be the typographer's choice, but many old
phones have no glyph for it and draw a box. Both are "common separators" to the bidirectional algorithm, so
that the groups of one number keep their order inside Arabic text; a breaking space would let them change
places.
"""

from dataclasses import dataclass
from typing import Final

from bawabati.money.amount import Money

NO_BREAK_SPACE: Final = "\u00a0"
LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
POP_ISOLATE: Final = "\u2069"


@dataclass(frozen=True, slots=True)
class _Marks:
    """Between thousands, before centimes, and after the amount."""

    group: str
    decimal: str
    currency: str


_MARKS: Final = {
    "ar": _Marks(NO_BREAK_SPACE, ",", "دج"),
    "en": _Marks(",", ".", "DA"),
    "fr": _Marks(NO_BREAK_SPACE, ",", "DA"),
}


def figures(money: Money, language: str) -> str:
    """The amount in dinars with two decimals and no currency: "1 430,50" or, in English, "1,430.50".

    Without invisible marks, so that it can be searched in a document and copied into a file.

    Raises:
        KeyError: `language` is not "ar", "fr" or "en".
    """
    marks = _MARKS[language]
    dinars, centimes = divmod(money.centimes, 100)
    return f"{f'{dinars:,}'.replace(',', marks.group)}{marks.decimal}{centimes:02}"


def with_currency(money: Money, language: str) -> str:
    """The amount with its currency, never broken over two lines: "1 430,50 دج", "1 430,50 DA", "1,430.50 DA".

    Never show an amount without its currency: many people count in centimes. Raises as `figures` does.
    """
    return f"{figures(money, language)}{NO_BREAK_SPACE}{_MARKS[language].currency}"


def whole(number: int, language: str) -> str:
    """A whole number that is no amount: "1 430" or, in English, "1,430". Raises as `figures` does."""
    return f"{number:,}".replace(",", _MARKS[language].group)


def isolated(text: str) -> str:
    """`text` kept left to right and apart from what stands around it, by invisible marks.

    For numbers in groups, references and addresses inside plain Arabic text (a mail's subject, an SMS). In
    HTML use an element with `dir="ltr"` instead, and in files nothing: the marks would be taken for part of
    the value.
    """
    return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"
