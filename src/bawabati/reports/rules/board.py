"""What the director's board says, as frozen values: reads fill them; pictures, tables and papers show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple


class Piece(NamedTuple):
    """Days that are read in spans of one kind: `day` or `month`."""

    span: str
    first: date
    last: date


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
    def pieces(self) -> tuple[Piece, ...]:
        """The same days as whole months, where there are any, and single days before and after them."""
        begins = self.first if self.first.day == 1 else _next_month(self.first)
        ends = (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        if begins > ends:
            return (Piece("day", self.first, self.last),)
        told = (
            Piece("day", self.first, begins - timedelta(days=1)),
            Piece("month", begins, ends),
            Piece("day", ends + timedelta(days=1), self.last),
        )
        return tuple(piece for piece in told if piece.first <= piece.last)

    @property
    def before(self) -> Period:
        """As many days, just before."""
        return Period(first=self.first - timedelta(days=self.day_count), last=self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was paid in, without stamp duty, and what went back on the days of a period, whenever it had been paid."""

    payments: int = 0
    centimes: int = 0
    returns: int = 0
    """Refunds and reversals that ended on these days."""
    returned_centimes: int = 0
    first_payers: int = 0
    """Customers whose first payment ever this was. One that goes back later is a payment all the same."""

    @property
    def net_centimes(self) -> int:
        """What was kept, as the books say. Below zero on a day on which more went back than came in."""
        return self.centimes - self.returned_centimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Brought):
    """What a period brought."""

    payers: int = 0
    """Customers, each counted once: there is no account, a customer number stands for a payer."""
    attempts: int = 0
    """Attempts online that ended, paid or not: paid ones by accounting day, others by the day they began."""
    attempts_paid: int = 0
    """Those of them that were paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures(Brought):
    """One accounting day, also one on which nothing came."""

    day: date
    payers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Brought):
    """A part of what was paid in a period. `key`: a way, a card family ("": not stated) or an hour ("0" to "23")."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFigures(Brought):
    """What came by the address of one medium."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySums(Totals):
    """What one company's period brought, for who looks at all companies: sums, never a person."""

    company_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFigures(Brought):
    """What an agency's desks took in a period; of every open agency, also one that took nothing."""

    agency_id: int
    code: str
    name_ar: str
    name_fr: str
    has_reader: bool


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
    still_open: int = 0
    """Attempts of which nobody knows yet how they end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeOfDebt:
    """Bills that are due, by the days since their last day to pay, and what was collected of such bills in a period.

    `key`: an Age.
    """

    key: str
    bills: int
    due_centimes: int
    collected_bills: int
    collected_centimes: int


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
