"""Centimes here, dinars with decimals in nexo messages; never a float in between."""

from decimal import Decimal
from typing import Final

CENTIMES: Final = 100
_MOST_CENTIMES: Final = 9_999_999_999
"""99 999 999.99, the largest amount of a message."""


def as_dinars(centimes: int) -> Decimal:
    """The amount as a message carries it, always with two decimals.

    Raises:
        ValueError: it does not fit into a message.
    """
    if not 0 < centimes <= _MOST_CENTIMES:
        raise ValueError("an amount that no message can carry")
    return Decimal(centimes).scaleb(-2)


def as_centimes(dinars: object) -> int | None:
    """The amount that a message says; None for what is no amount, or has parts of a centime."""
    if isinstance(dinars, bool) or not isinstance(dinars, int | Decimal):
        return None
    exact = Decimal(dinars)
    if not exact.is_finite() or not 0 <= exact <= Decimal(_MOST_CENTIMES).scaleb(-2):
        return None
    centimes = exact.scaleb(2)
    return int(centimes) if centimes == centimes.to_integral_value() else None
