"""How a company's payment number looks, as data that the company sets.

A prefix, an alphabet and lengths instead of a regular expression: people who set it can read it, a wrong number can be
explained ("too short", "begins otherwise"), and no pattern can be written that takes for ever to match.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import ClassVar, Final, Self, TypeVar

from bawabati.errors import CannotDo

_Choice = TypeVar("_Choice", bound=StrEnum)

LONGEST_NUMBER: Final = 32
GUESSABLE_BELOW: Final = 10**12
"""Fewer possible numbers than this can be guessed; see `NumberFormat.second_value`."""


class Alphabet(StrEnum):
    """What the number is written with, after cleaning."""

    DIGITS = "digits"
    LETTERS_AND_DIGITS = "letters_and_digits"

    @property
    def characters(self) -> str:
        """All its characters."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if self is Alphabet.LETTERS_AND_DIGITS else ""
        return "0123456789" + letters

    def writes(self, text: str) -> bool:
        """Whether `text`, in capitals, is written with its characters alone."""
        if not text.isascii():
            return False
        return text.isdigit() if self is Alphabet.DIGITS else text.isalnum() and text == text.upper()


class CheckDigits(StrEnum):
    """How the last digits check the others. They are counted over the whole number, its prefix included."""

    MOD97_10 = "mod97_10"  # ISO 7064, two digits: no single error and no exchange of neighbours passes
    LUHN = "luhn"  # one digit, digits only
    NONE = "none"

    @property
    def how_many(self) -> int:
        """How many digits at the end are check digits."""
        return {CheckDigits.MOD97_10: 2, CheckDigits.LUHN: 1, CheckDigits.NONE: 0}[self]


class SecondValue(StrEnum):
    """What must also be known of the bill before anything of it is shown."""

    NONE = "none"
    CUSTOMER_NUMBER = "customer_number"
    AMOUNT = "amount"


class NumberFormatWrong(CannotDo):
    """The description of the format cannot be used. `field` names the place, `problem` says what is wrong there."""

    code: ClassVar[str] = "number_format_wrong"
    sentence: ClassVar[str] = "The payment number format cannot be used: %(field)s %(problem)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """The form of a company's payment numbers. Lengths count the prefix and the check digits.

    Rule: guessable-numbers (fewer than 10^12 possible numbers ask for a second value from the bill)

    Raises:
        NumberFormatWrong: parts that contradict each other, or numbers that could be guessed.
    """

    shortest: int
    longest: int
    check_digits: CheckDigits
    prefix: str = ""
    alphabet: Alphabet = Alphabet.DIGITS
    second_value: SecondValue = SecondValue.NONE

    def __post_init__(self) -> None:
        foreign = set(self.prefix) - set(self.alphabet.characters)
        if foreign:
            raise NumberFormatWrong(field="prefix", problem="holds characters that the alphabet does not have")
        if self.check_digits is CheckDigits.LUHN and self.alphabet is not Alphabet.DIGITS:
            raise NumberFormatWrong(field="check_digits", problem="luhn needs the alphabet digits")
        if self.longest > LONGEST_NUMBER:
            raise NumberFormatWrong(field="longest", problem=f"is more than {LONGEST_NUMBER}")
        if self.longest < self.shortest:
            raise NumberFormatWrong(field="longest", problem="is less than shortest")
        free = self.shortest - len(self.prefix) - self.check_digits.how_many
        if free < 1:
            raise NumberFormatWrong(field="shortest", problem="leaves nothing beside prefix and check digits")
        guessable = len(self.alphabet.characters) ** free < GUESSABLE_BELOW
        if guessable and self.second_value is SecondValue.NONE:
            raise NumberFormatWrong(field="second_value", problem="is needed, because so short a number can be guessed")

    @classmethod
    def from_json(cls, written: object) -> Self:
        """Read what `to_json` wrote, or what a person wrote by hand; parts with a default may be left out.

        Raises:
            NumberFormatWrong: an unknown, missing or wrongly typed part, or as the class itself.
        """
        if not isinstance(written, Mapping):
            raise NumberFormatWrong(field="format", problem="is not an object")
        known = {field.name for field in fields(cls)}
        for name in written:
            if name not in known:
                raise NumberFormatWrong(field=str(name), problem="is not known")
        return cls(
            shortest=_whole_number(written, "shortest"),
            longest=_whole_number(written, "longest"),
            check_digits=_choice(written, "check_digits", CheckDigits, default=None),
            prefix=_text(written, "prefix"),
            alphabet=_choice(written, "alphabet", Alphabet, default=Alphabet.DIGITS),
            second_value=_choice(written, "second_value", SecondValue, default=SecondValue.NONE),
        )

    def to_json(self) -> dict[str, str | int]:
        """The format as plain JSON values, every part written out."""
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(self).items()}


def _whole_number(written: Mapping[object, object], name: str) -> int:
    value = written.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NumberFormatWrong(field=name, problem="is not a whole number")
    return value


def _text(written: Mapping[object, object], name: str) -> str:
    value = written.get(name, "")
    if not isinstance(value, str):
        raise NumberFormatWrong(field=name, problem="is not text")
    return value


def _choice(written: Mapping[object, object], name: str, choices: type[_Choice], *, default: _Choice | None) -> _Choice:
    value = written.get(name, default)
    for choice in choices:
        if choice == value:
            return choice
    raise NumberFormatWrong(field=name, problem=f"is none of {', '.join(choices)}")
