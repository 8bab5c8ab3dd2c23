"""Bars that lie in the rows of a table: shares, a ranking, the steps of a funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bawabati.web.shared.pictures.scale import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """From the side where reading begins, as wide as its part of the longest or of the whole."""

    x: str
    width: str
    mark_x: str = ""
    """Where a thin mark stands: what it was before, or what it should be by now."""


def bars(
    values: Sequence[int], *, of: int = 0, marks: Sequence[int | None] = (), from_the_right: bool
) -> tuple[Bar, ...]:
    """A bar for each value. `of`: what fills the whole width; otherwise the longest of all does."""
    whole = of or max([1, *values, *(mark for mark in marks if mark is not None)])
    return tuple(
        _bar(value, marks[at] if at < len(marks) else None, whole, from_the_right=from_the_right)
        for at, value in enumerate(values)
    )


def _bar(value: int, mark: int | None, whole: int, *, from_the_right: bool) -> Bar:
    wide = _part(value, whole)
    at = None if mark is None else _part(mark, whole)
    return Bar(
        x=place(100 - wide if from_the_right else Fraction(0)),
        width=place(wide),
        mark_x="" if at is None else place(100 - at if from_the_right else at),
    )


def _part(value: int, whole: int) -> Fraction:
    return Fraction(min(max(value, 0), whole) * 100, whole)
