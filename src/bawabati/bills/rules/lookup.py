"""What a customer without the paper must know beside the customer number.

A meter's serial number would be a good question too, but no bill file brings one. Decision:
docs/decisions/0045-finding-a-debt-and-paying-it.md
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from typing import ClassVar, Final

from bawabati.companies.rules import LooksLikeACardNumber, clean_number, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.money.typed import parse_amount

LETTERS_OF_NAME: Final = 4
MOST_AMOUNTS: Final = 8
"""So many of the newest bills answer for the customer: two years of quarters. More would be easier to guess."""


MOST_SHARING: Final = 10
"""An amount that more bills of the company have opens nothing: water is billed in whole cubic metres, and the smallest
bill is everybody's who was away."""


class LookupFactor(StrEnum):
    """What is asked. Only what every bill file brings."""

    NONE = "none"
    OLDER_NUMBER = "older_number"
    """The payment number of any bill that the customer was ever sent: twelve random digits, as strong as the paper."""
    BILL_AMOUNT = "bill_amount"
    """The amount, to the centime, of one of the newest bills, where few bills have the same: see `MOST_SHARING`."""
    NAME_LETTERS = "name_letters"
    """The first letters of the name. Neighbours know it and others guess it: weak, and behind a captcha each time."""


WEAK: Final = frozenset({LookupFactor.NAME_LETTERS})
"""Each try asks for a captcha, the first one too."""


class FactorMissing(CannotDo):
    """Nothing was typed; `factor` says what is asked for."""

    code: ClassVar[str] = "factor_missing"
    sentence: ClassVar[str] = "Type the second value too: it keeps others from seeing your debt."


class AmountShared(CannotDo):
    """So many bills of the company have it that guessing it would open many doors."""

    code: ClassVar[str] = "amount_shared"
    sentence: ClassVar[str] = (
        "Many bills have this very amount, so it does not show that it is yours. "
        "Type the amount of another bill of the last two years, or find your bill by its payment number."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsShared:
    """How the bills of a company are told apart by their amounts: counts of bills."""

    bills: int
    shared: int
    """Bills whose amount more than `MOST_SHARING` have: by these amounts nobody finds his debt."""
    commonest: int
    """How many have the commonest amount."""

    @property
    def percent(self) -> int:
        """Of all bills, those whose amount opens nothing; rounded up."""
        return -(-self.shared * 100 // self.bills) if self.bills else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a company knows of a customer that he may be asked for. Of an unknown one there is nothing."""

    name: str = ""
    numbers: Sequence[str] = ()
    """Payment numbers of his bills, those that were withdrawn left out."""
    amounts: Sequence[int] = ()
    """Centimes of his newest bills that count: none that was withdrawn, cancelled or replaced, and none of nothing."""


def comparable(typed: str, factor: LookupFactor) -> str:
    """What was typed in the one form in which it is compared.

    Raises:
        LooksLikeACardNumber, FactorMissing
        CannotDo: one of `parse_amount`'s.
    """
    number = clean_number(typed)
    if looks_like_a_card_number(number if factor is LookupFactor.OLDER_NUMBER else typed):
        raise LooksLikeACardNumber
    if not number:
        raise FactorMissing(factor=factor.value)
    match factor:
        case LookupFactor.BILL_AMOUNT:
            return str(parse_amount(typed).centimes)
        case LookupFactor.NAME_LETTERS:
            return letters_of(typed)[:LETTERS_OF_NAME]
        case LookupFactor.OLDER_NUMBER | LookupFactor.NONE:
            return number


def answers(typed: str, factor: LookupFactor, known: Known) -> bool:
    """Whether `typed`, made comparable, is what that customer would know. Rule: lookup-factor (failures.md 5.5)"""
    right: list[str] = []
    match factor:
        case LookupFactor.OLDER_NUMBER:
            right = [clean_number(number) for number in known.numbers]
        case LookupFactor.BILL_AMOUNT:
            right = [str(centimes) for centimes in known.amounts[:MOST_AMOUNTS]]
        case LookupFactor.NAME_LETTERS:
            # A name shorter than what is asked would be known with fewer letters: it is asked whole, and never empty.
            right = [word[:LETTERS_OF_NAME] for word in words_of(known.name) if len(word) > 1]
        case LookupFactor.NONE:
            pass
    found = False
    for one in right:  # all of them, whichever is right
        found |= bool(one) and compare_digest(typed.encode(), one.encode())
    return found


def words_of(name: str) -> list[str]:
    """The words of a name, each as its letters are compared."""
    return [letters for word in name.split() if (letters := letters_of(word))]


def letters_of(text: str) -> str:
    """The letters alone, without accents and marks, in capitals; the forms of one Arabic letter as one."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter).startswith("L")
    )
    return plain.upper().translate(_ONE_LETTER)


_ONE_LETTER: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": None})
