"""When an accounting day of a company may be closed, and what its certificate says. Rule: company-day (house.md 5)"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bawabati.desks.rules.reports import canonical
from bawabati.errors import CannotDo


class DayNotOver(CannotDo):
    """Money still comes in on it."""

    code = "day_not_over"
    sentence = "This day is not over yet."


class EarlierDayOpen(CannotDo):
    """Days are closed one after the other."""

    code = "earlier_day_open"
    sentence = "Close %(day)s first: days are closed one after the other."


class NotExplained(CannotDo):
    """A difference has nobody who sees to it."""

    code = "not_explained"
    sentence = "%(count)s differences of this day have no owner yet. Name who sees to each."


class NothingEverMoved(CannotDo):
    """The day lies before the first money of the company."""

    code = "nothing_ever_moved"
    sentence = "Nothing was paid on this day or before it: there is nothing to close."


class NoSuchClosedDay(CannotDo):
    """The company has not closed that day."""

    code = "no_such_closed_day"
    sentence = "This day has not been closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """How many, and how much in all."""

    count: int = 0
    centimes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOfDay:
    """One way of paying: what payments say beside what the books say of the same day."""

    way: str
    payments: Sums
    books: Sums
    stamp_duty_payments: int
    stamp_duty_books: int
    given_back: Sums
    given_back_books: Sums

    @property
    def agrees(self) -> bool:
        """Payments and books say the same, centime for centime and one for one."""
        return (
            self.payments == self.books
            and self.stamp_duty_payments == self.stamp_duty_books
            and self.given_back == self.given_back_books
        )

    @property
    def apart_centimes(self) -> int:
        """By how much they differ, both ways added."""
        return (
            abs(self.payments.centimes - self.books.centimes)
            + abs(self.stamp_duty_payments - self.stamp_duty_books)
            + abs(self.given_back.centimes - self.given_back_books.centimes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFiled:
    """What the gateway's file says of the cards of the day. `channel` is web or card."""

    channel: str
    count: int
    gross_centimes: int
    back_centimes: int
    """What went back to cards, a sum above zero."""
    fee_centimes: int
    vat_centimes: int
    net_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """What the bank has credited of the day's remittances, and what the acquirer's files say that it will."""

    count: int
    centimes: int
    remitted_count: int
    remitted_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyOfDay:
    """An agency where desks were open that day; without `sha256` its head has not signed."""

    code: str
    name_ar: str
    name_fr: str
    number: int = 0
    signed_by: str = ""
    sha256: str = ""
    total_centimes: int = 0
    unknown_count: int = 0

    @property
    def is_signed(self) -> bool:
        """By its head."""
        return bool(self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDifference:
    """What does not agree, or is missing. `key` names it within the day; `owner` is empty where nobody has it yet."""

    key: str
    kind: str
    about: str
    amount_centimes: int
    owner: str = ""
    promised_on: str = ""
    settlement_id: int = 0
    """An item of settlement, which has its own owner; zero for what the closing itself has found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDifference:
    """A difference over which the day was closed: who sees to it, and by when."""

    key: str
    kind: str
    about: str
    amount_centimes: int
    owner: str
    promised_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOfDay:
    """What was posted to a day after it had been closed, told by the closing that comes next."""

    day: str
    count: int
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """Everything that a certificate says. Days are ISO 8601, moments with zone."""

    company: str
    company_ar: str
    company_fr: str
    number: int
    day: str
    closed_by: str
    closed_at: str
    ways: tuple[WayOfDay, ...]
    entries: Sums
    """Every transfer of the day in the books, whatever moved."""
    late: tuple[LateOfDay, ...]
    filed: tuple[ChannelFiled, ...]
    """What the gateway's files say; empty where none has come."""
    credited: tuple[Credited, ...]
    """What the bank has credited; empty where no statement tells."""
    agencies: tuple[AgencyOfDay, ...]
    differences: tuple[NamedDifference, ...]
    audit_block: int = 0
    """The newest sealed block of the audit log when the day was closed, and its hash: a copy kept elsewhere."""
    audit_hash: str = ""

    def to_json(self) -> str:
        """As it is kept and signed: one text for the same facts."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DayFacts:
        """As it was kept."""
        kept: dict[str, Any] = json.loads(text)
        return cls(
            **{
                **kept,
                "ways": tuple(_way(way) for way in kept["ways"]),
                "entries": Sums(**kept["entries"]),
                "late": tuple(LateOfDay(**one) for one in kept["late"]),
                "filed": tuple(ChannelFiled(**one) for one in kept["filed"]),
                "credited": tuple(Credited(**one) for one in kept["credited"]),
                "agencies": tuple(AgencyOfDay(**one) for one in kept["agencies"]),
                "differences": tuple(NamedDifference(**one) for one in kept["differences"]),
            }
        )


def differences_of_books(ways: Iterable[WayOfDay], agencies: Iterable[AgencyOfDay]) -> Iterator[OpenDifference]:
    """What of our own does not agree: a way whose payments and books differ, an agency that has not signed."""
    for way in ways:
        if not way.agrees:
            yield OpenDifference(
                key=f"books:{way.way}", kind="books_differ", about=way.way, amount_centimes=way.apart_centimes
            )
    for agency in agencies:
        if not agency.is_signed:
            yield OpenDifference(
                key=f"agency:{agency.code}", kind="agency_not_signed", about=agency.code, amount_centimes=0
            )


def taken_of(ways: Iterable[WayOfDay]) -> Sums:
    """All that payments of the day brought in, stamp duty too."""
    each = list(ways)
    return Sums(
        count=sum(way.payments.count for way in each),
        centimes=sum(way.payments.centimes + way.stamp_duty_payments for way in each),
    )


def booked_of(ways: Iterable[WayOfDay]) -> Sums:
    """The same by the books."""
    each = list(ways)
    return Sums(
        count=sum(way.books.count for way in each),
        centimes=sum(way.books.centimes + way.stamp_duty_books for way in each),
    )


def text_to_sign(*, previous_sha256: str, facts: str) -> str:
    """What the signature of a closing is of: what it says, and its place in the chain."""
    return f"{previous_sha256}\n{facts}"


def _way(kept: dict[str, Any]) -> WayOfDay:
    sums = {name: Sums(**kept[name]) for name in ("payments", "books", "given_back", "given_back_books")}
    return WayOfDay(**{**kept, **sums})
