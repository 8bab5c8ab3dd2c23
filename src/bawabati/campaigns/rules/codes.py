"""Short codes of campaigns: said on the radio, typed on an old phone, read from a poster at two metres.

Two letters and three digits. No letter looks or sounds like another in Arabic, French or English (B and P, D and T, G
and J, M and N, I and 1, O and 0, S and 5, Z and 2), and no digit is a 0 or a 1.
"""

import re
import secrets
import unicodedata
from typing import Final

LETTERS: Final = "AFHKLMRTXY"
DIGITS: Final = "23456789"
LONGEST_CODE: Final = 12
_DIGITS_AT_FIRST: Final = 3
_TRIES_OF_ONE_LENGTH: Final = 20
_CODE: Final = re.compile(rf"[{LETTERS}]{{2}}[{DIGITS}]{{3,6}}", re.ASCII)
_LONGEST_TYPED: Final = 40
_BETWEEN: Final = re.compile(r"[\s.\-_/]+")


def read_code(typed: str) -> str:
    """The code that somebody typed, in the one form in which it is kept; empty when it cannot be one of ours.

    Small letters, spaces and other writings of digits are taken. What is longer or otherwise made is never kept, so
    that no other number of a person travels in our addresses.

    Rule: campaign-code (ours; PCI DSS 4.0.1 requirement 3 for what is not one)
    """
    if len(typed) > _LONGEST_TYPED:
        return ""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    western = "".join(str(unicodedata.decimal(letter, letter)) for letter in plain)
    return western if _CODE.fullmatch(western) else ""


def draw_code(attempt: int) -> str:
    """A code at random. `attempt` counts from 0 how many before it were taken: after some, they become longer."""
    digits = min(_DIGITS_AT_FIRST + attempt // _TRIES_OF_ONE_LENGTH, 6)
    return "".join(secrets.choice(LETTERS) for _ in range(2)) + "".join(secrets.choice(DIGITS) for _ in range(digits))
