"""What the acquirer may keep of a payment: fixed, by rate, capped, tiered, with VAT on top.

Nothing public tells today's commission grid (algeria.md 7), so it is a dated table that the company fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from bawabati.errors import CannotDo

MILLION: Final = 1_000_000
LARGEST: Final = 10**12
MOST_TIERS: Final = 20


class Fee(NamedTuple):
    """Centimes: what is kept, and the VAT on it."""

    fee: int
    vat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """What holds for payments up to `up_to` centimes (None: any), the whole payment at the tier's own terms."""

    up_to: int | None
    fixed: int = 0
    rate_ppm: int = 0
    """Millionths of the payment: 2,500 is 0.25 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """One row of the table. The last tier has no end; `least` and `cap` bound what the tiers say."""

    way: str
    """`web`, `card`, or nothing for both."""
    from_on: date
    tiers: tuple[Tier, ...]
    vat_ppm: int
    least: int = 0
    cap: int | None = None


class FeeTableNotReadable(CannotDo):
    """Terms that contradict themselves."""

    code = "fee_table_not_readable"
    sentence = "These fees cannot be kept: %(what)s."


def fee_of(terms: FeeTerms, amount: int) -> Fee:
    """The fee of one payment of `amount` centimes, and its VAT, each rounded half up to the centime.

    Rule: acquirer-fees (algeria.md 7; the rounding is ours: no source found)
    """
    tier = next(tier for tier in terms.tiers if tier.up_to is None or amount <= tier.up_to)
    fee = max(terms.least, tier.fixed + _share(amount, tier.rate_ppm))
    if terms.cap is not None:
        fee = min(terms.cap, fee)
    return Fee(fee, _share(fee, terms.vat_ppm))


def terms_on(tables: Iterable[FeeTerms], *, way: str, on: date) -> FeeTerms | None:
    """The terms of that day: the latest that have begun, those of the way itself before those of both.

    None: nobody has told us any, and nothing is checked.
    """
    begun = [terms for terms in tables if terms.from_on <= on and terms.way in {way, ""}]
    return max(begun, key=lambda terms: (terms.way != "", terms.from_on), default=None)


def read_tiers(tiers: object) -> tuple[Tier, ...]:
    """Tiers as they are kept (JSON), checked. Raises FeeTableNotReadable."""
    if not isinstance(tiers, Sequence) or isinstance(tiers, str) or not 0 < len(tiers) <= MOST_TIERS:
        raise FeeTableNotReadable(what="tiers")
    found = tuple(_tier(tier) for tier in tiers)
    ends = [tier.up_to for tier in found]
    if ends[-1] is not None or None in ends[:-1] or ends[:-1] != sorted({end for end in ends if end is not None}):
        raise FeeTableNotReadable(what="up_to")
    return found


def check_terms(terms: FeeTerms) -> None:
    """Raises FeeTableNotReadable."""
    if terms.way not in {"", "web", "card"}:
        raise FeeTableNotReadable(what="way")
    if not 0 <= terms.vat_ppm <= MILLION:
        raise FeeTableNotReadable(what="vat_ppm")
    if not 0 <= terms.least <= LARGEST or (terms.cap is not None and not terms.least <= terms.cap <= LARGEST):
        raise FeeTableNotReadable(what="cap")


def _tier(said: object) -> Tier:
    if not isinstance(said, Mapping) or not set(said) <= {"up_to", "fixed", "rate_ppm"}:
        raise FeeTableNotReadable(what="tiers")
    up_to, fixed, rate = said.get("up_to"), said.get("fixed", 0), said.get("rate_ppm", 0)
    if not (_whole(fixed, LARGEST) and _whole(rate, MILLION) and (up_to is None or _whole(up_to, LARGEST))):
        raise FeeTableNotReadable(what="tiers")
    return Tier(up_to=up_to, fixed=fixed, rate_ppm=rate)


def _whole(value: Any, most: int) -> bool:  # noqa: ANN401 - what came out of JSON
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _share(amount: int, ppm: int) -> int:
    """Half up; `amount` is never below zero here."""
    return (amount * ppm + MILLION // 2) // MILLION
