"""What a person types to say why, and how much."""

from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo

LONGEST = 500


class WordsMissing(CannotDo):
    """What changes money or a promise says why."""

    code = "words_missing"
    sentence = "Say why."


class WordsTooLong(CannotDo):
    """More than a row takes."""

    code = "words_too_long"
    sentence = "At most %(most)s letters."


class AmountZero(CannotDo):
    """An amount of zero moves nothing."""

    code = "amount_zero"
    sentence = "Say an amount above zero."


def check_words(text: str, *, longest: int = LONGEST) -> str:
    """The words without space around them. Raises WordsMissing, WordsTooLong, LooksLikeACardNumber."""
    words = text.replace("\0", "").strip()
    if not words:
        raise WordsMissing
    if len(words) > longest:
        raise WordsTooLong(most=longest)
    if looks_like_a_card_number(words):
        raise LooksLikeACardNumber
    return words
