"""What a company may set for itself, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import ClassVar, Final

from bawabati.companies.rules.card_numbers import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.money.amount import Money

SMALLEST_PAYMENT: Final = Money.dinars(50)
"""What the gateway takes at least. Rule: amount-limits (satim.md 9)"""
LARGEST_PAYMENT: Final = Money.dinars(1_000_000_000)
MOST_PROMISED_DAYS: Final = 90

LONGEST_VALUE: Final[Mapping[str, int]] = {
    "name_ar": 120,
    "name_fr": 120,
    "name_en": 120,
    "legal_form": 60,
    "address_ar": 200,
    "address_fr": 200,
    "phone": 20,
    "email": 254,
    "nif": 20,
    "nis": 20,
    "rc": 30,
    "ai": 20,
    "commune_ar": 80,
    "commune_fr": 80,
    "address": 200,
    "administrator_name": 120,
    "administrator_login": 150,
    "holiday": 80,
    "colour": 7,
    "band_colour": 7,
    "wilayas": 400,
    "host_name": 253,
}
"""Characters of what a company or an agency says of itself."""

IDENTITY: Final = (
    *("name_ar", "name_fr", "name_en", "legal_form", "address_ar", "address_fr", "phone", "email"),
    *("nif", "nis", "rc", "ai"),
)
"""What a company says of itself, as it stands on receipts."""

NUMBERS: Final = frozenset({"nif", "nis", "rc", "ai", "phone"})
"""Digits by their nature: a card number is not looked for in them."""

_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class SettingWrong(CannotDo):
    """A value that cannot be taken. `column` names it, for the door; `sentence` says why."""

    def __init__(self, column: str, **details: object) -> None:
        self.column = column
        super().__init__(**details)


class SettingMissing(SettingWrong):
    """Nothing is there, and something is needed."""

    code: ClassVar[str] = "setting_missing"
    sentence: ClassVar[str] = "This is needed."


class SettingTooLong(SettingWrong):
    """More than a receipt has room for."""

    code: ClassVar[str] = "setting_too_long"
    sentence: ClassVar[str] = "At most %(most)s characters."


class SettingUnreadable(SettingWrong):
    """It holds what cannot be seen."""

    code: ClassVar[str] = "setting_unreadable"
    sentence: ClassVar[str] = "It holds a character that cannot be seen. Type it anew."


class BelowGatewaysMinimum(SettingWrong):
    """The gateway takes no less."""

    code: ClassVar[str] = "below_gateways_minimum"
    sentence: ClassVar[str] = "The gateway takes no less than %(minimum)s."


class CeilingBelowMinimum(SettingWrong):
    """Nothing could be paid."""

    code: ClassVar[str] = "ceiling_below_minimum"
    sentence: ClassVar[str] = "The largest payment is smaller than the smallest."


class LimitTooLarge(SettingWrong):
    """No payment is as large."""

    code: ClassVar[str] = "limit_too_large"
    sentence: ClassVar[str] = "At most %(most)s."


class DaysOutOfRange(SettingWrong):
    """A promise that nobody would believe."""

    code: ClassVar[str] = "days_out_of_range"
    sentence: ClassVar[str] = "From 1 to %(most)s working days."


def check_value(column: str, value: str, *, is_needed: bool = True) -> None:
    """Whether a line of text may stand on receipts and pages. Raises a SettingWrong, LooksLikeACardNumber."""
    if is_needed and not value:
        raise SettingMissing(column)
    if len(value) > LONGEST_VALUE[column]:
        raise SettingTooLong(column, most=LONGEST_VALUE[column])
    if _TURNS & set(value) or any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in value):
        raise SettingUnreadable(column)
    if column not in NUMBERS and looks_like_a_card_number(value):
        raise LooksLikeACardNumber


def check_limits(*, minimum: Money, ceiling: Money, typed_approval: Money) -> None:
    """Rule: amount-limits (satim.md 9; the ceiling is the company's)

    Raises:
        BelowGatewaysMinimum, CeilingBelowMinimum, LimitTooLarge.
    """
    if minimum < SMALLEST_PAYMENT:
        raise BelowGatewaysMinimum("minimum_centimes", minimum=SMALLEST_PAYMENT)
    if ceiling < minimum:
        raise CeilingBelowMinimum("ceiling_centimes")
    for column, amount in (("ceiling_centimes", ceiling), ("typed_approval_limit_centimes", typed_approval)):
        if amount > LARGEST_PAYMENT:
            raise LimitTooLarge(column, most=LARGEST_PAYMENT)


def check_promised_days(days: int) -> None:
    """Raises DaysOutOfRange."""
    if not 1 <= days <= MOST_PROMISED_DAYS:
        raise DaysOutOfRange("surplus_promised_working_days", most=MOST_PROMISED_DAYS)
