"""The made-up tariff comes close to bills that have been published."""

import pytest

from bawabati.jobs.demo.tariff import HOUSEHOLD, LABELS, amounts


@pytest.mark.parametrize(("cubic_metres", "due"), [(10, 390_93), (25, 584_91), (50, 1_466_93), (82, 3_199_31)])
def test_a_household_pays_by_tiers(cubic_metres: int, due: int) -> None:
    parts = amounts(cubic_metres=cubic_metres, tiers=HOUSEHOLD)
    assert len(parts) == len(LABELS)
    assert abs(sum(parts) - due) <= 50  # sewerage prices are rounded to centimes


def test_an_empty_house_pays_the_subscription_with_its_tax() -> None:
    assert sum(amounts(cubic_metres=0, tiers=HOUSEHOLD)) == 240_00 + 21_60
