"""The day of an agency: all its sessions, closed, and signed by its head. Rule: day-closing (behaviour.md 3)"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bawabati.desks.rules.reports import SaleSeen, SessionReport, Tally, WayTaken, canonical, tally_of
from bawabati.errors import CannotDo


class NoSuchAgency(CannotDo):
    """No agency of that identifier."""

    code = "no_such_agency"
    sentence = "There is no such agency."


class SessionsStillOpen(CannotDo):
    """A day is closed when every session that was opened on it is."""

    code = "sessions_still_open"
    sentence = "These desks are still open: %(desks)s. Close their sessions first."


class UnknownSalesToSign(CannotDo):
    """A closing that carries sales of which nobody knows what became says so, and its signer too."""

    code = "unknown_sales_to_sign"
    sentence = "%(count)s sales of this day are still being checked. Sign for them too, or wait until they are known."


class NothingToClose(CannotDo):
    """No session was opened on that day."""

    code = "nothing_to_close"
    sentence = "No desk was opened on this day: there is nothing to close."


class NoSuchClosing(CannotDo):
    """That day of the agency has not been closed."""

    code = "no_such_closing"
    sentence = "This day of the agency has not been closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOfDay:
    """One session of the day, by its Z."""

    desk: str
    cashier: str
    number: int
    sha256: str
    total_centimes: int
    cash_difference_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSale:
    """A sale of the day of which nobody knew at signing what became."""

    sale_id: int
    reference: str
    desk: str
    way: str
    amount_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """What the head of an agency signs."""

    company_ar: str
    company_fr: str
    agency: str
    agency_ar: str
    agency_fr: str
    day: str
    signed_by: str
    signed_at: str
    sessions: tuple[SessionOfDay, ...]
    ways: tuple[WayTaken, ...]
    """What the Z reports say, summed."""
    settled_since: Tally
    """Sales that a Z carried as being checked, or that came in after it, and that are paid by now."""
    reversed: Tally
    """What went back to cards until the signature, after a Z too."""
    unknown: tuple[UnknownSale, ...]

    @property
    def total_centimes(self) -> int:
        """All that came in, stamp duty too."""
        return sum(way.total_centimes for way in self.ways) + self.settled_since.centimes

    @property
    def cash_difference_centimes(self) -> int:
        """Of all drawers together; below zero when money is missing."""
        return sum(session.cash_difference_centimes for session in self.sessions)

    def to_json(self) -> str:
        """As it is kept."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DayReport:
        """As it was kept."""
        kept: dict[str, Any] = json.loads(text)
        return cls(
            **{
                **kept,
                "sessions": tuple(SessionOfDay(**session) for session in kept["sessions"]),
                "ways": tuple(WayTaken(**way) for way in kept["ways"]),
                "settled_since": Tally(**kept["settled_since"]),
                "reversed": Tally(**kept["reversed"]),
                "unknown": tuple(UnknownSale(**sale) for sale in kept["unknown"]),
            }
        )


def sum_of_ways(reports: Sequence[SessionReport]) -> tuple[WayTaken, ...]:
    """What the sessions took together, by way and brand."""
    of: dict[tuple[str, str], list[WayTaken]] = defaultdict(list)
    for one in reports:
        for way in one.ways:
            of[way.way, way.brand].append(way)
    return tuple(
        WayTaken(
            way=way,
            brand=brand,
            count=sum(part.count for part in parts),
            amount_centimes=sum(part.amount_centimes for part in parts),
            stamp_duty_centimes=sum(part.stamp_duty_centimes for part in parts),
        )
        for (way, brand), parts in sorted(of.items())
    )


def sum_of_settled_since(reports: Sequence[SessionReport], sales: Sequence[SaleSeen]) -> Tally:
    """What is paid by now and stands in no Z."""
    counted = {sale_id for one in reports for sale_id in one.sales}
    return tally_of(
        sale.amount_centimes + sale.stamp_duty_centimes
        for sale in sales
        if sale.is_taken and sale.sale_id not in counted
    )


def sum_of_reversed(sales: Sequence[SaleSeen]) -> Tally:
    """What went back to cards."""
    return tally_of(sale.amount_centimes for sale in sales if sale.is_taken and sale.is_reversed)
