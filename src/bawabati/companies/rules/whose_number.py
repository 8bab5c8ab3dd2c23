"""Which companies could have printed a payment number. Its form says so; whether there is such a number nobody asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bawabati.companies.rules.card_numbers import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.companies.rules.number_format import NumberFormat
from bawabati.companies.rules.payment_numbers import NumberEmpty, check_number, clean_number
from bawabati.errors import CannotDo


class NumberOfNoCompany(CannotDo):
    """No company that takes part prints numbers of this form."""

    code: ClassVar[str] = "number_of_no_company"
    sentence: ClassVar[str] = (
        "No company here prints payment numbers of this form. Compare it with your bill, or choose your company below."
    )


def whose_number(typed: str, *, formats: Mapping[str, NumberFormat]) -> list[str]:
    """The codes of the companies whose numbers look like it, never none. `formats`: code → format, open companies.

    Rule: number-says-company (S18; nothing is looked up, so nothing is learned and nothing is counted)

    Raises:
        NumberEmpty, NumberOfNoCompany.
        LooksLikeACardNumber: and it is no company's number.
    """
    if not clean_number(typed):
        raise NumberEmpty
    found = [code for code, number_format in formats.items() if _fits(typed, number_format)]
    if found:
        return found
    if looks_like_a_card_number(typed) or looks_like_a_card_number(clean_number(typed)):
        raise LooksLikeACardNumber
    raise NumberOfNoCompany


def _fits(typed: str, number_format: NumberFormat) -> bool:
    try:
        check_number(typed, number_format=number_format)
    except CannotDo:
        return False
    return True
