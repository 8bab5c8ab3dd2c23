"""Pictures of numbers: every bar inside, the first where reading begins, scales that people can read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.web.shared.pictures import Given, bars, columns, place, scale_for

figures = st.integers(min_value=0, max_value=10**13)


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


def drawn(*values: int, from_the_right: bool = False) -> list[float]:
    seen = columns(
        [Given(name=str(at), said="", value=each) for at, each in enumerate(values)], from_the_right=from_the_right
    )
    return [percent(column.x) for column in seen.columns]


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, (1, 0)),
        (1, (1, 0)),
        (3, (3, 2, 1, 0)),
        (7, (8, 6, 4, 2, 0)),
        (42, (60, 40, 20, 0)),
        (100, (100, 50, 0)),
        (9_999, (10_000, 5_000, 0)),
    ],
)
def test_a_scale_has_few_round_steps(most: int, marks: tuple[int, ...]) -> None:
    assert scale_for(most).marks == marks


@given(figures)
def test_a_scale_reaches_the_highest_in_at_most_four_steps_and_wastes_less_than_half(most: int) -> None:
    scale = scale_for(most)
    assert scale.top >= most
    assert 2 <= len(scale.marks) <= 5
    assert scale.top - most < max(scale.step, 2)


def test_the_first_column_stands_where_reading_begins() -> None:
    assert drawn(1, 2, 3) == sorted(drawn(1, 2, 3))
    assert drawn(1, 2, 3, from_the_right=True) == sorted(drawn(1, 2, 3, from_the_right=True), reverse=True)


@given(st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=200), st.booleans())
def test_columns_and_bands_stay_inside_the_picture(
    values: list[tuple[int, int, int]],
    from_the_right: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    seen = columns(
        [
            Given(name="", said="", value=value, band=(min(low, value), max(value, low)), before=before)
            for value, low, before in values
        ],
        from_the_right=from_the_right,
    )
    for column in seen.columns:
        assert percent(column.x) >= -0.01
        assert percent(column.x) + percent(column.width) <= 100.01
        assert percent(column.y) + percent(column.height) == pytest.approx(100, abs=0.02)
        assert percent(column.band_y) <= percent(column.y) + 0.02
        assert 0 <= percent(column.before_y) <= 100
    assert len(seen.labels) <= 5


def test_an_empty_picture_is_no_fault() -> None:
    assert columns([], from_the_right=False).columns == ()
    assert bars([], from_the_right=True) == ()
    assert bars([0, 0], from_the_right=True)[0].width == "0%"


@given(st.lists(figures, min_size=1, max_size=20))
def test_the_longest_bar_is_the_whole_width_and_both_directions_mirror_each_other(values: list[int]) -> None:
    there, back = bars(values, from_the_right=False), bars(values, from_the_right=True)
    if max(values):
        assert max(percent(bar.width) for bar in there) == 100
    for one, other in zip(there, back, strict=True):
        assert one.width == other.width
        assert percent(other.x) + percent(other.width) == pytest.approx(100, abs=0.02)


def test_a_mark_beyond_the_whole_stays_at_its_edge() -> None:
    (bar,) = bars([5], of=10, marks=[20], from_the_right=False)
    assert (bar.width, bar.mark_x) == ("50%", "100%")


@pytest.mark.parametrize(("part", "text"), [(Fraction(1, 3), "0.33%"), (Fraction(100), "100%"), (Fraction(0), "0%")])
def test_a_place_has_a_point_whatever_the_language(part: Fraction, text: str) -> None:
    assert place(part) == text
