"""What the acquirer keeps of a payment: a commission by a table, and the tax on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from sandbox.gateway.settings import Unusable

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Which commission is taken of payments up to an amount. The parts per million of a rate of 0.2 % are 2,000."""

    up_to_centimes: int | None = None
    """The largest payment that it is for; None: every larger one."""
    fixed_centimes: int = 0
    rate_ppm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTable:
    """A commission: fixed, a rate, both, between two limits, by tiers; and the tax that is paid on it.

    Nothing is published about what acquirers in Algeria take today: the default is an example.
    """

    tiers: tuple[Tier, ...] = (Tier(rate_ppm=2_000),)
    """The first one that the payment fits into counts."""
    least_centimes: int = 0
    most_centimes: int | None = 10_000
    vat_ppm: int = 190_000

    def fee_of(self, centimes: int) -> tuple[int, int]:
        """Commission and tax on a payment, in centimes, half a centime rounded up. Nothing on what goes back."""
        if centimes <= 0:
            return 0, 0
        tier = next(each for each in self.tiers if each.up_to_centimes is None or centimes <= each.up_to_centimes)
        fee = max(self.least_centimes, tier.fixed_centimes + _share(centimes, tier.rate_ppm))
        if self.most_centimes is not None:
            fee = min(fee, self.most_centimes)
        return fee, _share(fee, self.vat_ppm)

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """A table out of JSON.

        Raises:
            Unusable: an unknown name, a value below zero, or no tier for large payments.
        """
        unknown = sorted(set(row) - {"tiers", "least_centimes", "most_centimes", "vat_ppm"})
        if unknown:
            raise Unusable(f"A fee table has no {', '.join(unknown)}.")
        tiers = row.get("tiers", [asdict(each) for each in cls().tiers])
        if not isinstance(tiers, Sequence) or not tiers or not all(isinstance(each, Mapping) for each in tiers):
            raise Unusable("The 'tiers' of a fee table are a list of objects, the last one without 'up_to_centimes'.")
        return cls(
            tiers=_tiers(tiers),
            least_centimes=_count(row, "least_centimes", 0),
            most_centimes=None if row.get("most_centimes", 0) is None else _count(row, "most_centimes", 10_000),
            vat_ppm=_count(row, "vat_ppm", 190_000),
        )


def _tiers(rows: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    tiers = []
    for row in rows:
        unknown = sorted(set(row) - {"up_to_centimes", "fixed_centimes", "rate_ppm"})
        if unknown:
            raise Unusable(f"A tier has no {', '.join(unknown)}.")
        limit = None if row.get("up_to_centimes") is None else _count(row, "up_to_centimes", 0)
        fixed, rate = _count(row, "fixed_centimes", 0), _count(row, "rate_ppm", 0)
        tiers.append(Tier(up_to_centimes=limit, fixed_centimes=fixed, rate_ppm=rate))
    if tiers[-1].up_to_centimes is not None:
        raise Unusable("The last of the 'tiers' has no 'up_to_centimes': it is for every larger payment.")
    return tuple(tiers)


def _count(row: Mapping[str, Any], name: str, default: int) -> int:
    value = row.get(name, default)
    if type(value) is not int or not 0 <= value <= 10**12:
        raise Unusable(f"{name!r} is a whole number, not below zero.")
    return value


def _share(centimes: int, ppm: int) -> int:
    """Half up, in whole numbers only."""
    return (centimes * ppm + _MILLION // 2) // _MILLION
