"""What a session took, as X and Z say it. One function computes both, so that they cannot drift.

Rule: x-and-z (readers.md 5.5)
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bawabati.money.amount import Money, total

CASH: Final = "cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSeen:
    """A sale of the session as it stands. `is_taken`: it has a payment; amounts in centimes."""

    sale_id: int
    reference: str
    way: str
    brand: str
    amount_centimes: int
    stamp_duty_centimes: int
    is_taken: bool
    is_reversed: bool
    is_over: bool
    is_typed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSeen:
    """A receipt that was written while the line was cut. `found_its_bill`: a sale stands for it, and counts itself."""

    amount_centimes: int
    stamp_duty_centimes: int
    found_its_bill: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTaken:
    """What came in by one way; a card by its brand. Centimes without and of the stamp duty."""

    way: str
    brand: str
    count: int
    amount_centimes: int
    stamp_duty_centimes: int

    @property
    def total_centimes(self) -> int:
        """What was handed over."""
        return self.amount_centimes + self.stamp_duty_centimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many, and how much in all."""

    count: int
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeingChecked:
    """A sale of which nobody knows yet what became, or that is under way."""

    sale_id: int
    reference: str
    way: str
    amount_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """Whose session it is and where, as the report names them. Moments are ISO 8601 with zone."""

    session_id: int
    company_ar: str
    company_fr: str
    agency: str
    agency_ar: str
    agency_fr: str
    desk: str
    cashier: str
    opened_at: str
    at: str
    float_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The drawer as it was counted at closing, who closed it, and why it differed if it did."""

    pieces: tuple[tuple[int, int], ...]
    counted_centimes: int
    closed_by: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReport:
    """An X at any time, a Z once: the Z has `number` and `count`."""

    session: SessionFacts
    number: int
    """Of the Z, on its desk; 0 for an X."""
    ways: tuple[WayTaken, ...]
    reversed: Tally
    being_checked: tuple[BeingChecked, ...]
    typed: Tally
    """Card sales whose approval a person typed."""
    offline: Tally
    """Receipts that were written while the line was cut; those that found their bill count in `ways` too."""
    without_bill: Tally
    """Of those, cash that found no bill: it lies in the drawer and waits on a suspense account."""
    expected_cash_centimes: int | None
    """Float, cash and its stamp duty, and cash without a bill. None for the eyes of who still has to count."""
    sales: tuple[int, ...]
    """The sales that the sums count."""
    count: Count | None

    @property
    def cash_difference_centimes(self) -> int:
        """Counted less expected; below zero when money is missing. Zero for an X."""
        if self.count is None or self.expected_cash_centimes is None:
            return 0
        return self.count.counted_centimes - self.expected_cash_centimes

    @property
    def total_centimes(self) -> int:
        """All that came in, stamp duty too."""
        return sum(way.total_centimes for way in self.ways)

    def to_json(self) -> str:
        """As it is kept: the same text for the same report, so that a hash of it says something."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SessionReport:
        """As it was kept."""
        kept: dict[str, Any] = json.loads(text)
        count = kept["count"]
        return cls(
            session=SessionFacts(**kept["session"]),
            number=kept["number"],
            ways=tuple(WayTaken(**way) for way in kept["ways"]),
            reversed=Tally(**kept["reversed"]),
            being_checked=tuple(BeingChecked(**sale) for sale in kept["being_checked"]),
            typed=Tally(**kept["typed"]),
            offline=Tally(**kept["offline"]),
            without_bill=Tally(**kept["without_bill"]),
            expected_cash_centimes=kept["expected_cash_centimes"],
            sales=tuple(kept["sales"]),
            count=Count(**{**count, "pieces": tuple(tuple(piece) for piece in count["pieces"])}) if count else None,
        )


def report(*, session: SessionFacts, sales: Sequence[SaleSeen], slips: Sequence[SlipSeen]) -> SessionReport:
    """What the session has taken so far: an X. Rule: x-and-z (readers.md 5.5)"""
    taken = [sale for sale in sales if sale.is_taken]
    lost = [slip for slip in slips if not slip.found_its_bill]
    cash = [Money(sale.amount_centimes + sale.stamp_duty_centimes) for sale in taken if sale.way == CASH]
    without_bill = tally_of(slip.amount_centimes + slip.stamp_duty_centimes for slip in lost)
    return SessionReport(
        session=session,
        number=0,
        ways=_ways(taken),
        reversed=tally_of(sale.amount_centimes for sale in taken if sale.is_reversed),
        being_checked=tuple(
            BeingChecked(
                sale_id=sale.sale_id, reference=sale.reference, way=sale.way, amount_centimes=sale.amount_centimes
            )
            for sale in sales
            if not sale.is_over
        ),
        typed=tally_of(sale.amount_centimes for sale in taken if sale.is_typed),
        offline=tally_of(slip.amount_centimes + slip.stamp_duty_centimes for slip in slips),
        without_bill=without_bill,
        expected_cash_centimes=session.float_centimes + total(cash).centimes + without_bill.centimes,
        sales=tuple(sale.sale_id for sale in taken),
        count=None,
    )


def blind(so_far: SessionReport) -> SessionReport:
    """The same, without what the drawer should hold. Rule: blind-count (readers.md 5.1)"""
    return replace(so_far, expected_cash_centimes=None)


def with_count(
    so_far: SessionReport, *, pieces: Mapping[int, int], sum_of: Money, by: str, because: str
) -> SessionReport:
    """The same, beside what was counted in the drawer."""
    pairs = tuple(sorted(((value, count) for value, count in pieces.items() if count), reverse=True))
    return replace(so_far, count=Count(pieces=pairs, counted_centimes=sum_of.centimes, closed_by=by, because=because))


def numbered(so_far: SessionReport, number: int) -> SessionReport:
    """The Z of that number."""
    return replace(so_far, number=number)


def canonical(value: Mapping[str, object]) -> str:
    """JSON with one spelling for each value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(*, previous_sha256: str, facts: str) -> str:
    """SHA-256, in hex, of a report that follows another: whoever changes one breaks all that come after it.

    Rule: z-chain (readers.md 5.5)
    """
    return hashlib.sha256(f"{previous_sha256}\n{facts}".encode()).hexdigest()


def _ways(taken: Iterable[SaleSeen]) -> tuple[WayTaken, ...]:
    of: dict[tuple[str, str], list[SaleSeen]] = defaultdict(list)
    for sale in taken:
        of[sale.way, sale.brand].append(sale)
    return tuple(
        WayTaken(
            way=way,
            brand=brand,
            count=len(sales),
            amount_centimes=sum(sale.amount_centimes for sale in sales),
            stamp_duty_centimes=sum(sale.stamp_duty_centimes for sale in sales),
        )
        for (way, brand), sales in sorted(of.items())
    )


def tally_of(centimes: Iterable[int]) -> Tally:
    """How many amounts, and their sum."""
    amounts = list(centimes)
    return Tally(count=len(amounts), centimes=sum(amounts))
