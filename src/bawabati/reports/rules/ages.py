"""How old a debt is: the days since the last day to pay a bill. Rule: age-of-debt (house.md 3)"""

from enum import StrEnum


class Age(StrEnum):
    """Brackets, the youngest first."""

    NOT_YET = "not_yet"
    """Its last day to pay is today or later."""
    TO_30 = "to_30"
    TO_90 = "to_90"
    TO_365 = "to_365"
    OVER = "over"


LAST_DAY_OF = {Age.NOT_YET: 0, Age.TO_30: 30, Age.TO_90: 90, Age.TO_365: 365}
"""Bracket → the last day after the last day to pay that is still in it. `reports_age` in the database says the same."""


def age_of(days_late: int) -> Age:
    """The bracket of a bill that is so many days late; below zero: early."""
    return next((age for age, last in LAST_DAY_OF.items() if days_late <= last), Age.OVER)
