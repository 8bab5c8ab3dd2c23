"""What a quarter's water costs, so that made-up bills look like bills. No real bill is ever recomputed.

The prices are those of decree 05-13 for the zone of Oran; the fees and the rate of VAT are a model that comes close to
published bills.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Tier(NamedTuple):
    """Cubic metres up to which a price holds, and the prices of one cubic metre of water and sewerage, centimes."""

    up_to: int
    water: int
    sewerage: int


NO_END: Final = 10**9
HOUSEHOLD: Final = (
    Tier(25, 6_30, 2_35),
    Tier(55, 20_48, 7_64),
    Tier(82, 34_65, 12_93),
    Tier(NO_END, 40_95, 15_28),
)
BUSINESS: Final = (Tier(NO_END, 34_65, 12_93),)
INDUSTRY: Final = (Tier(NO_END, 40_95, 15_28),)

FIXED_FEE: Final = 240_00
MANAGEMENT_PER_CUBIC_METRE: Final = 3_00
PER_CENT_FOR_ECONOMY: Final = 4
PER_CENT_FOR_QUALITY: Final = 4
PER_CENT_OF_VAT: Final = 9

LABELS: Final = (
    "Eau / الماء",
    "Assainissement / التطهير",
    "Abonnement / الاشتراك",
    "Redevance de gestion / إتاوة التسيير",
    "Taxe économie de l'eau 4 % / اقتصاد الماء",
    "Taxe qualité de l'eau 4 % / نوعية الماء",
    "TVA 9 % / الرسم على القيمة المضافة",
)


def amounts(*, cubic_metres: int, tiers: tuple[Tier, ...]) -> tuple[int, ...]:
    """The amount of each of `LABELS`, centimes; what is due is their sum."""
    water = sewerage = below = 0
    for tier in tiers:
        here = max(0, min(cubic_metres, tier.up_to) - below)
        water += here * tier.water
        sewerage += here * tier.sewerage
        below = tier.up_to
    return (
        water,
        sewerage,
        FIXED_FEE,
        cubic_metres * MANAGEMENT_PER_CUBIC_METRE,
        _per_cent(water, PER_CENT_FOR_ECONOMY),
        _per_cent(water, PER_CENT_FOR_QUALITY),
        _per_cent(water + sewerage + FIXED_FEE, PER_CENT_OF_VAT),
    )


def _per_cent(centimes: int, rate: int) -> int:
    """Rounded half up."""
    return (centimes * rate + 50) // 100
