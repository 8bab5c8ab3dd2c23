"""What a company has to have before payers may come, and what it had better have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Point(StrEnum):
    """A line of the list that is gone through before a company opens, in its order."""

    IDENTITY = "identity"
    PAYMENT_TERMS = "payment_terms"
    SALE_TERMS = "sale_terms"
    MERCHANT_ACCOUNT = "merchant_account"
    SURPLUS = "surplus"
    HELP = "help"
    PEOPLE = "people"
    AGENCIES = "agencies"
    TERRITORY = "territory"
    CALENDAR = "calendar"
    LOGO = "logo"
    COLOURS = "colours"
    CARD_MARK = "card_mark"
    BILLS = "bills"


NEEDED: Final = frozenset(
    {
        *(Point.IDENTITY, Point.PAYMENT_TERMS, Point.SALE_TERMS),
        *(Point.MERCHANT_ACCOUNT, Point.SURPLUS),
    }
)
"""Without these a payer could not pay, or nobody would see to what was paid too much. Rule: ready-to-open"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a point is."""

    point: Point
    is_done: bool

    @property
    def is_needed(self) -> bool:
        """Whether the company stays closed without it."""
        return self.point in NEEDED


def is_ready(standings: list[Standing]) -> bool:
    """Whether the company may open. Rule: ready-to-open (law 18-05; ours)"""
    return all(standing.is_done for standing in standings if standing.is_needed)
