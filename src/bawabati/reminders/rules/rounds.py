"""A crew's round: which customers it goes to on a day, and the list that it takes along."""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar, Final

from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo

MOST_CUSTOMERS: Final = 500
LONGEST_NUMBER: Final = 30
ROUNDS_HASHED: Final = 10_000
"""PBKDF2 over a customer number in the list that a phone keeps: reading it all out takes hours, not seconds."""
_BETWEEN: Final = re.compile(r"[;,\t|]")


class RoundEmpty(CannotDo):
    """No line begins with a number."""

    code: ClassVar[str] = "round_empty"
    sentence: ClassVar[str] = "There is no customer number in it. Give one in each line, in the first column."


class RoundTooLong(CannotDo):
    """More than a crew can do in a day."""

    code: ClassVar[str] = "round_too_long"
    sentence: ClassVar[str] = "A round has at most %(most)s customers."


def read_numbers(text: str) -> list[str]:
    """The customer numbers of a file or of what was typed: the first column of each line, each once, in order.

    A first line without a digit is its head. Raises RoundEmpty, RoundTooLong, LooksLikeACardNumber.
    Rule: round-list (ours: a crew takes along no more than it needs)
    """
    numbers: dict[str, None] = {}
    for line in text.lstrip("\ufeff").splitlines():
        number = _clean(_BETWEEN.split(line, maxsplit=1)[0])
        if not any(letter.isdigit() for letter in number):
            continue
        if looks_like_a_card_number(number):
            raise LooksLikeACardNumber
        if len(number) <= LONGEST_NUMBER:
            numbers[number] = None
        if len(numbers) > MOST_CUSTOMERS:
            raise RoundTooLong(most=MOST_CUSTOMERS)
    if not numbers:
        raise RoundEmpty
    return list(numbers)


def _clean(cell: str) -> str:
    """Without quotes, spaces and what nobody can see; digits 0 to 9 for those of any script."""
    shown = (letter for letter in cell if letter.isprintable() and letter not in "\"'" and not letter.isspace())
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in shown)
