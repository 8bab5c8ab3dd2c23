"""A card belongs to a family only where a range holds every number that its mask could stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.payments.rules.card_families import (
    BadCardRange,
    CardFamily,
    CardRangesOverlap,
    NumberRange,
    check_ranges,
    family_of,
    read_range,
)

RANGES = [
    NumberRange(first="62805", last="62805", family=CardFamily.CIB),
    NumberRange(first="6390", last="6399", family=CardFamily.EDAHABIA),
]


@pytest.mark.parametrize(
    ("masked", "family"),
    [
        ("628058**1011", "cib"),
        ("628071**1011", ""),
        ("6280****7215", ""),
        ("6394****0417", "edahabia"),
        ("63941311**17", "edahabia"),
        ("6400****0417", ""),
        ("", ""),
        ("****7215", ""),
        ("639****0417", ""),
    ],
)
def test_a_mask_is_of_a_family_or_of_none(masked: str, family: str) -> None:
    assert family_of(masked, RANGES) == family


@given(number=st.from_regex(r"[0-9]{16}", fullmatch=True), shown=st.integers(4, 8), length=st.integers(4, 8))
def test_what_is_said_of_a_mask_is_true_of_every_number_behind_it(number: str, shown: int, length: int) -> None:
    known = NumberRange(first=number[:length], last=number[:length], family=CardFamily.CIB)
    assert family_of(number[:shown] + "**" + number[-4:], [known]) == ("cib" if shown >= length else "")


def test_ranges_that_overlap_are_refused() -> None:
    check_ranges(RANGES)
    with pytest.raises(CardRangesOverlap):
        check_ranges([*RANGES, NumberRange(first="628051", last="628059", family=CardFamily.EDAHABIA)])


@pytest.mark.parametrize(
    ("first", "last", "family"),
    [("6280", "62805", "cib"), ("6290", "6280", "cib"), ("628", "", "cib"), ("6280", "", "visa"), ("62 80", "", "cib")],
)
def test_a_range_that_cannot_be_meant_is_refused(first: str, last: str, family: str) -> None:
    with pytest.raises(BadCardRange):
        read_range(line=2, first=first, last=last, family=family, source="")


def test_one_prefix_is_a_range_of_its_own() -> None:
    assert read_range(line=2, first="628058", last="", family="cib", source="x").last == "628058"
