"""Payment numbers of our own, for companies whose billing system prints none."""

from random import Random
from typing import Final

from stdnum.iso7064 import mod_97_10

from bawabati.companies.rules.card_numbers import looks_like_a_card_number
from bawabati.companies.rules.number_format import CheckDigits, NumberFormat

_RANDOM_DIGITS: Final = 12

MINTED_FORMAT: Final = NumberFormat(shortest=14, longest=14, check_digits=CheckDigits.MOD97_10)


def mint_number(*, random: Random) -> str:
    """A new payment number: twelve random digits and two check digits.

    Pass `random.SystemRandom()`: a number that can be guessed shows a stranger's bill. Uniqueness is the caller's,
    by the database. Numbers that would be taken for a card are drawn again; one in fifty is.

    Rule: minted-numbers (at least 12 random digits and 2 check digits, ISO 7064 mod 97-10)
    """
    while True:
        payload = f"{random.randrange(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}}"
        number = payload + mod_97_10.calc_check_digits(payload)
        if not looks_like_a_card_number(number):
            return number
