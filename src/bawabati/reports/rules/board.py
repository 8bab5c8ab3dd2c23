"""What the director's board says, as frozen values: reads fill them; pictures, tables and papers show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Accounting days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def day_count(self) -> int:
        """How many days, at least one."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them, the earliest first."""
        return tuple(self.first + timedelta(days=ahead) for ahead in range(self.day_count))

    @property
    def before(self) -> Period:
        """As many days, just before."""
        return Period(first=self.first - timedelta(days=self.day_count), last=self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a period brought. Amounts as paid, without stamp duty."""

    payers: int = 0
    """Customers, each counted once: there is no account, a customer number stands for a payer."""
    first_payers: int = 0
    """Those of them who had never paid here before."""
    payments: int = 0
    centimes: int = 0
    attempts: int = 0
    """Attempts online that ended, paid or not."""
    attempts_paid: int = 0
    """Those of them that were paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One accounting day, also one on which nothing came."""

    day: date
    payments: int = 0
    centimes: int = 0
    payers: int = 0
    first_payers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of what was paid in a period. `key`: a way, a card family ("": not stated) or an hour ("0" to "23")."""

    key: str
    payments: int
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFigures:
    """What an agency's desks took in a period; of every open agency, also one that took nothing."""

    agency_id: int
    code: str
    name_ar: str
    name_fr: str
    has_reader: bool
    payments: int
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """From the first page to the payment, online. `losses` are attempts that ended unpaid, by cause, the most first."""

    visits: int = 0
    look_ups: int = 0
    found: int = 0
    reviews: int = 0
    left_for_bank: int = 0
    paid: int = 0
    losses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeOfDebt:
    """Bills that are due, by the days since their last day to pay, and what was collected of such bills in a period.

    `key`: not_yet, to_30, to_90, to_365, over.
    """

    key: str
    bills: int
    due_centimes: int
    collected_centimes: int
