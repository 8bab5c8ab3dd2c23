"""Amounts in words, as an invoice must carry them (decree 05-468), in Arabic, French and English.

Our own, because the usual library answers in Saudi riyals for Arabic and not at all for French. One file for
each language; a fourth language is a fourth file and a line here.
"""

from collections.abc import Callable
from typing import Final

from bawabati.money.amount import Money
from bawabati.money.words import arabic, english, french

MOST_DINARS: Final = 10**12 - 1
"""The largest whole number of dinars that we can say: a thousand times the country's yearly water bill."""

_SAY: Final[dict[str, Callable[[int, int], str]]] = {
    "ar": arabic.say,
    "en": english.say,
    "fr": french.say,
}


def in_words(money: Money, language: str) -> str:
    """The amount as one line of words with its currency, for example "cinq dinars algériens et dix centimes".

    Centimes are named only where there are some, dinars also when both are zero. Different amounts never
    sound alike.

    Rule: amount-in-words (decree 05-468 of 10 December 2005, content of an invoice)

    Raises:
        KeyError: `language` is not "ar", "fr" or "en".
        ValueError: more than `MOST_DINARS` dinars.
    """
    dinars, centimes = divmod(money.centimes, 100)
    if dinars > MOST_DINARS:
        raise ValueError(f"amounts in words end at {MOST_DINARS} dinars")
    return _SAY[language](dinars, centimes)
