"""Which colours a company may give its pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.companies.rules import (
    ColourTooPale,
    ColourUnreadable,
    check_colour,
    contrast,
    for_the_dark,
    mist_of,
    read_colour,
    text_on,
)
from bawabati.companies.rules.colours import DARK_PAGE, DARK_PAPER, PAGE, PAPER

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0b5d7a", "#0b5d7a") == 1


@given(COLOURS)
def test_what_is_taken_can_be_read_everywhere_and_what_is_refused_comes_with_one_that_can(colour: str) -> None:
    try:
        check_colour("colour", colour)
    except ColourTooPale as pale:
        colour = str(pale.details["instead"])
        check_colour("colour", colour)
    for ground in (PAPER, PAGE, mist_of(colour)):
        assert contrast(colour, ground) >= 4.5


@given(COLOURS)
def test_in_the_dark_and_on_a_band_any_colour_can_be_read(colour: str) -> None:
    dark = for_the_dark(colour)
    for ground in (DARK_PAPER, DARK_PAGE, mist_of(dark, on=DARK_PAPER), text_on(dark)):
        assert contrast(dark, ground) >= 4.5
    assert contrast(text_on(colour), colour) >= 4.5


def test_a_colour_is_written_as_pages_write_it() -> None:
    assert read_colour("colour", " #0B5D7A ") == "#0b5d7a"
    assert read_colour("colour", "") == ""
    for wrong in ("blue", "0b5d7a", "#0b5d7", "#0b5d7a;}", "url(x)", "#٠b5d7a"):
        with pytest.raises(ColourUnreadable):
            read_colour("colour", wrong)
