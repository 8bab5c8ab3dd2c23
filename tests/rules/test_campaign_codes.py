"""Codes that are said, typed and read; and nothing else is taken for one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.campaigns.rules import DIGITS, LETTERS, brings_on, draw_code, read_code

A_DAY = date(2026, 11, 22)


@given(st.integers(min_value=0, max_value=200))
def test_every_code_that_we_draw_is_read(attempt: int) -> None:
    code = draw_code(attempt)
    assert read_code(code) == code


@given(st.integers(min_value=0, max_value=200), st.sampled_from([" ", "-", ".", "  ", "_"]))
def test_however_it_is_typed_it_is_the_same_code(attempt: int, between: str) -> None:
    code = draw_code(attempt)
    eastern = "".join(chr(0x660 + int(letter)) if letter.isdigit() else letter for letter in code)
    for typed in (code.lower(), f" {code[:2]}{between}{code[2:]} ", eastern):
        assert read_code(typed) == code


def test_codes_become_longer_when_many_are_taken() -> None:
    assert [len(draw_code(attempt)) for attempt in (0, 19, 20, 40, 1000)] == [5, 5, 6, 7, 8]


def test_no_two_characters_are_taken_for_each_other() -> None:
    look_alike = ("0OQ", "1IL7J", "2Z", "5S", "8B", "6G", "VU", "MN", "BP", "DT")
    for group in look_alike:
        assert len(set(group) & set(LETTERS + DIGITS)) <= (2 if group == "1IL7J" else 1), group


@pytest.mark.parametrize(
    "typed", ["", "RM", "RM12", "R4733", "RM4733333", "OI234", "6280581110007215", "٦٢٨٠٥٨١١١٠٠٠٧٢١٥"]
)
def test_what_is_no_code_is_nothing(typed: str) -> None:
    assert read_code(typed) == ""


@given(st.text())
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    code = read_code(typed)
    assert code == "" or (set(code) <= set(LETTERS + DIGITS) and 5 <= len(code) <= 8)


def test_a_campaign_brings_on_its_days_first_and_last_included() -> None:
    a_day, week = timedelta(days=1), A_DAY + timedelta(days=6)

    def brings(day: date, *, ends_on: date | None = week, is_ended: bool = False) -> bool:
        return brings_on(day, begins_on=A_DAY, ends_on=ends_on, is_ended=is_ended)

    assert [brings(day) for day in (A_DAY - a_day, A_DAY, week, week + a_day)] == [False, True, True, False]
    assert brings(A_DAY + timedelta(days=900), ends_on=None)
    assert not brings(A_DAY, is_ended=True)
