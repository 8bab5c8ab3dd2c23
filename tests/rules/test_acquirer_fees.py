"""What the acquirer may keep of a payment, to the centime."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.settlement.rules import (
    Fee,
    FeeTableNotReadable,
    FeeTerms,
    Tier,
    check_terms,
    fee_of,
    numbers_in,
    read_tiers,
    shares_of,
    terms_on,
)
from bawabati.settlement.rules.credits import Owed, Share

TEN_DINARS = FeeTerms(way="", from_on=date(2026, 1, 1), tiers=(Tier(up_to=None, fixed=1000),), vat_ppm=190_000)


def test_a_fixed_fee_is_the_same_of_any_sum() -> None:
    assert fee_of(TEN_DINARS, 500_000) == fee_of(TEN_DINARS, 5000) == Fee(1000, 190)


@pytest.mark.parametrize(
    ("amount", "fee"), [(143_050, 1001), (143_000, 1001), (142_900, 1000), (0, 0), (72, 1), (71, 0)]
)
def test_a_rate_is_rounded_half_up_to_the_centime(amount: int, fee: int) -> None:
    terms = replace(TEN_DINARS, tiers=(Tier(up_to=None, rate_ppm=7000),), vat_ppm=0)
    assert fee_of(terms, amount).fee == fee


def test_the_whole_payment_takes_the_terms_of_its_tier() -> None:
    terms = replace(
        TEN_DINARS, tiers=(Tier(up_to=100_000, rate_ppm=10_000), Tier(up_to=None, fixed=100, rate_ppm=5000))
    )
    assert [fee_of(terms, amount).fee for amount in (100_000, 100_001, 200_000)] == [1000, 600, 1100]


def test_a_fee_stays_between_least_and_cap() -> None:
    terms = replace(TEN_DINARS, tiers=(Tier(up_to=None, rate_ppm=10_000),), least=500, cap=2000)
    assert [fee_of(terms, amount).fee for amount in (100, 100_000, 10_000_000)] == [500, 1000, 2000]


@given(st.integers(0, 10**10), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**4))
def test_no_fee_is_off_by_more_than_half_a_centime(amount: int, rate: int, vat: int, fixed: int) -> None:
    terms = replace(TEN_DINARS, tiers=(Tier(up_to=None, fixed=fixed, rate_ppm=rate),), vat_ppm=vat)
    found = fee_of(terms, amount)
    assert -500_000 <= (found.fee - fixed) * 1_000_000 - amount * rate <= 500_000
    assert -500_000 <= found.vat * 1_000_000 - found.fee * vat <= 500_000


def test_the_latest_terms_of_the_way_itself_hold() -> None:
    old, new = TEN_DINARS, replace(TEN_DINARS, from_on=date(2026, 6, 1))
    own = replace(TEN_DINARS, way="card", from_on=date(2026, 3, 1))
    tables = [old, new, own]
    assert terms_on(tables, way="web", on=date(2026, 5, 31)) is old
    assert terms_on(tables, way="web", on=date(2026, 6, 1)) is new
    assert terms_on(tables, way="card", on=date(2026, 7, 1)) is own
    assert terms_on(tables, way="card", on=date(2026, 2, 1)) is old
    assert terms_on(tables, way="web", on=date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    "tiers",
    [
        [],
        "x",
        None,
        [{"up_to": 5}],
        [{"up_to": None}, {"up_to": None}],
        [{"up_to": 5}, {"up_to": 4}, {}],
        [{"fixed": -1}],
        [{"rate_ppm": 1_000_001}],
        [{"fixed": 1.5}],
        [{"other": 1}],
        [{"fixed": True}],
    ],
)
def test_terms_that_contradict_themselves_are_refused(tiers: Any) -> None:  # noqa: ANN401 - whatever came in
    with pytest.raises(FeeTableNotReadable):
        read_tiers(tiers)


@pytest.mark.parametrize("wrong", [{"way": "cash"}, {"vat_ppm": -1}, {"least": 10, "cap": 5}])
def test_a_table_of_no_way_or_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(FeeTableNotReadable):
        check_terms(replace(TEN_DINARS, **wrong))


def test_a_credit_names_remittances_in_its_label_and_its_reference() -> None:
    named = numbers_in(reference="R261120001", label="REMISE CARTES R261119001 R261120001", value_on=date(2026, 11, 22))
    assert named[:4] == ["REMISE", "CARTES", "R261119001", "R261120001"]
    assert "R261119001-20261122" in named


def test_of_several_remittances_the_last_takes_what_differs() -> None:
    owed = [Owed(1, 100), Owed(2, -30), Owed(3, 50)]
    assert shares_of(120, owed) == [Share(1, 100), Share(2, -30), Share(3, 50)]
    assert shares_of(115, owed) == [Share(1, 100), Share(2, -30), Share(3, 45)]
    assert shares_of(70, owed[:1]) == [Share(1, 70)]
    assert shares_of(100, [owed[0], owed[2]]) == [Share(1, 100)], "the other is only mentioned"
    assert shares_of(70, [owed[0], owed[2]]) == [Share(1, 70)]


@given(st.integers(-1000, 1000), st.lists(st.integers(-100, 100), min_size=1, max_size=5))
def test_no_centime_of_a_credit_is_lost(amount: int, left: list[int]) -> None:
    owed = [Owed(place, each) for place, each in enumerate(left)]
    assert sum(share.centimes for share in shares_of(amount, owed)) == amount
