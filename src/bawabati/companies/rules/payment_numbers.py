"""The payment number (رقم الدفع) as a person types it: cleaned, then checked before anything is looked up."""

import unicodedata
from typing import ClassVar, Final

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from bawabati.companies.rules.card_numbers import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.companies.rules.number_format import CheckDigits, NumberFormat
from bawabati.errors import CannotDo


class NumberEmpty(CannotDo):
    """Nothing was typed, or nothing but spaces and marks."""

    code: ClassVar[str] = "number_empty"
    sentence: ClassVar[str] = "Type the payment number that is printed on your bill."


class NumberWrongCharacters(CannotDo):
    """Something that is neither part of the company's numbers nor a mark that we drop."""

    code: ClassVar[str] = "number_wrong_characters"
    sentence: ClassVar[str] = "The payment number holds a character that does not belong there."


class NumberWrongLength(CannotDo):
    """Too short or too long. `shortest` and `longest` are the company's, `length` is what was typed."""

    code: ClassVar[str] = "number_wrong_length"
    sentence: ClassVar[str] = "The payment number has another length: you typed %(length)s characters."


class NumberStartsWrong(CannotDo):
    """The number lacks the company's `prefix`."""

    code: ClassVar[str] = "number_starts_wrong"
    sentence: ClassVar[str] = "The payment numbers of this company begin with %(prefix)s."


class NumberCheckDigitsWrong(CannotDo):
    """A typing error, certainly: no such number exists."""

    code: ClassVar[str] = "number_check_digits_wrong"
    sentence: ClassVar[str] = "There is a typing error in the payment number. Compare it with your bill."


_DROPPED: Final = {
    "Zs",  # spaces
    "Zl",
    "Zp",
    "Pd",  # dashes
    "Cf",  # invisible marks: bidirectional controls, joiners, byte order mark
}
_DROPPED_CHARACTERS: Final = frozenset(".\t\n\r−")


def clean_number(text: str) -> str:
    """The number without what people and phones put around and between: spaces, dashes, dots, invisible marks.

    Digits of any script become 0 to 9, Latin letters become capitals. Everything else stays, to be refused by
    `check_number`. Cleaning twice changes nothing more.
    """
    if text.isascii() and text.isalnum():  # nearly always, when a billing system wrote it
        return text.upper()
    return "".join(_clean_character(character) for character in text)


def _clean_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in _DROPPED or character in _DROPPED_CHARACTERS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return character.upper() if character.isascii() else character


def check_number(text: str, *, number_format: NumberFormat) -> str:
    """The clean payment number, or the reason why `text` cannot be one. Nothing is looked up.

    A number of the company's form that begins with 0, 1, 7, 8 or 9 is never taken for a card. A company whose
    numbers have 13 to 19 digits and begin as cards do loses those with a right Luhn digit, about one in ten: that
    no card number is kept weighs more. Bills are to be imported through this same check, so that the company
    learns of it before a payer does.

    No error holds the text, so that none can reach a log.

    Rule: payment-number (the company's format and check digits; ISO 7064 mod 97-10 for numbers that we mint)

    Raises:
        LooksLikeACardNumber: also when a card number is only part of the text.
        NumberEmpty: nothing is left after cleaning.
        NumberWrongCharacters: characters outside the company's alphabet.
        NumberWrongLength: too short or too long for the company.
        NumberStartsWrong: without the company's prefix.
        NumberCheckDigitsWrong: a typing error.
    """
    number = clean_number(text)
    wrong = _what_is_wrong(number, number_format)
    # The pieces of a good number are not asked: it is the company's, whatever its middle resembles.
    if looks_like_a_card_number(number) or (wrong and looks_like_a_card_number(text)):
        raise LooksLikeACardNumber
    if wrong:
        raise wrong
    return number


def _what_is_wrong(number: str, number_format: NumberFormat) -> CannotDo | None:
    if not number:
        return NumberEmpty()
    if not number_format.alphabet.writes(number):
        return NumberWrongCharacters()
    shortest, longest = number_format.shortest, number_format.longest
    if not shortest <= len(number) <= longest:
        return NumberWrongLength(length=len(number), shortest=shortest, longest=longest)
    if not number.startswith(number_format.prefix):
        return NumberStartsWrong(prefix=number_format.prefix)
    if not _check_digits_hold(number, number_format.check_digits):
        return NumberCheckDigitsWrong()
    return None


def _check_digits_hold(number: str, check_digits: CheckDigits) -> bool:
    match check_digits:
        case CheckDigits.MOD97_10 if number.isdigit():
            return int(number) % 97 == 1  # what the library does too, sixteen times slower
        case CheckDigits.MOD97_10:
            return bool(mod_97_10.is_valid(number))
        case CheckDigits.LUHN:
            return bool(luhn.is_valid(number))
        case CheckDigits.NONE:
            return True
