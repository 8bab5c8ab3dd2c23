"""Payment numbers of any company's form, made from a seed. Real ones are drawn, never computed like this."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from math import gcd
from random import Random
from typing import Final

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from bawabati.companies.rules import CheckDigits, NumberFormat, looks_like_a_card_number

_STEP: Final = 0.618  # of the whole: numbers that follow each other stand far apart


def payment_numbers(number_format: NumberFormat, *, random: Random) -> Iterator[str]:
    """Without end for all practical purposes; no number twice, because the step shares no factor with the whole."""
    alphabet = number_format.alphabet.characters
    length = number_format.shortest - len(number_format.prefix) - number_format.check_digits.how_many
    whole = len(alphabet) ** length
    step = int(whole * _STEP) + random.randrange(whole // 100)
    while gcd(step, whole) != 1:
        step += 1
    start = random.randrange(whole)
    for place in count():
        payload = number_format.prefix + _written((start + place * step) % whole, alphabet, length)
        number = payload + _check_digits(payload, number_format.check_digits)
        if not looks_like_a_card_number(number):
            yield number


def _written(number: int, alphabet: str, length: int) -> str:
    characters = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        characters.append(alphabet[place])
    return "".join(reversed(characters))


def _check_digits(payload: str, check_digits: CheckDigits) -> str:
    match check_digits:
        case CheckDigits.MOD97_10:
            return str(mod_97_10.calc_check_digits(payload))
        case CheckDigits.LUHN:
            return str(luhn.calc_check_digit(payload))
        case CheckDigits.NONE:
            return ""
