"""What a company may set for itself: above all, how the payment number on its bills looks."""

from bawabati.companies.rules.card_numbers import BETWEEN_DIGITS, LooksLikeACardNumber, looks_like_a_card_number
from bawabati.companies.rules.marks import CARD_MARK, MarkRefused, check_mark
from bawabati.companies.rules.minting import MINTED_FORMAT, mint_number
from bawabati.companies.rules.number_format import (
    Alphabet,
    CheckDigits,
    NumberFormat,
    NumberFormatWrong,
    SecondValue,
)
from bawabati.companies.rules.payment_numbers import (
    NumberCheckDigitsWrong,
    NumberEmpty,
    NumberStartsWrong,
    NumberWrongCharacters,
    NumberWrongLength,
    check_number,
    clean_number,
)
from bawabati.companies.rules.readers import CAN_ABORT, CAN_BE_ASKED, CAN_REVERSE, TELLS_TOTALS, Protocol
from bawabati.companies.rules.surplus import SurplusBecomes

__all__ = [
    "BETWEEN_DIGITS",
    "CAN_ABORT",
    "CAN_BE_ASKED",
    "CAN_REVERSE",
    "CARD_MARK",
    "MINTED_FORMAT",
    "TELLS_TOTALS",
    "Alphabet",
    "CheckDigits",
    "LooksLikeACardNumber",
    "MarkRefused",
    "NumberCheckDigitsWrong",
    "NumberEmpty",
    "NumberFormat",
    "NumberFormatWrong",
    "NumberStartsWrong",
    "NumberWrongCharacters",
    "NumberWrongLength",
    "Protocol",
    "SecondValue",
    "SurplusBecomes",
    "check_mark",
    "check_number",
    "clean_number",
    "looks_like_a_card_number",
    "mint_number",
]
