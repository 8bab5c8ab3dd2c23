"""Columns over time: what was, what may come with its band, and a mark for what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from bawabati.web.shared.pictures.scale import place, scale_for

_FILLED: Final = Fraction(72, 100)
"""How much of its room a column fills."""
_LABELS_AT_MOST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A figure to draw. `name` stands under it where there is room; `said` says it whole, for whoever points at it."""

    name: str
    said: str
    value: int
    kind: str = "was"
    """A class of the style: was, coming, weak."""
    band: tuple[int, int] | None = None
    """Between what it may lie."""
    before: int | None = None
    """What it was in the period beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column where it stands, all in percent of the picture, from its top."""

    kind: str
    said: str
    x: str
    width: str
    y: str
    height: str
    middle: str
    band_y: str = ""
    band_height: str = ""
    before_y: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name under a column: where its middle stands."""

    x: str
    words: str
    is_far: bool
    """Left out where the picture is narrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The whole picture."""

    columns: tuple[Column, ...]
    labels: tuple[Label, ...]
    lines: tuple[str, ...]
    """Heights of the lines of the scale, from the top."""
    marks: tuple[int, ...]
    """What they mean, from the top down to zero."""


def columns(given: Sequence[Given], *, from_the_right: bool) -> Columns:
    """Every column in its place, the first on the side where reading begins."""
    scale = scale_for(max([0, *(_highest(each) for each in given)]))
    room = Fraction(100, max(1, len(given)))
    drawn = []
    for at, each in enumerate(given):
        left = room * (len(given) - 1 - at if from_the_right else at) + room * (1 - _FILLED) / 2
        height = scale.percent_of(each.value)
        drawn.append(
            Column(
                kind=each.kind,
                said=each.said,
                x=place(left),
                width=place(room * _FILLED),
                y=place(100 - height),
                height=place(height),
                middle=place(left + room * _FILLED / 2),
                band_y=place(100 - scale.percent_of(each.band[1])) if each.band else "",
                band_height=place(scale.percent_of(each.band[1]) - scale.percent_of(each.band[0])) if each.band else "",
                before_y="" if each.before is None else place(100 - scale.percent_of(each.before)),
            )
        )
    return Columns(
        columns=tuple(drawn),
        labels=tuple(_labels(given, drawn)),
        lines=tuple(place(100 - scale.percent_of(mark)) for mark in scale.marks),
        marks=scale.marks,
    )


def _highest(given: Given) -> int:
    return max(given.value, given.band[1] if given.band else 0, given.before or 0)


def _labels(given: Sequence[Given], drawn: Sequence[Column]) -> list[Label]:
    """Every so manyth name, counted from the middle of the room at both ends, so that none is cut."""
    apart = max(1, -(-len(given) // _LABELS_AT_MOST))
    chosen = range(apart // 2, len(given), apart)
    return [
        Label(x=drawn[at].middle, words=given[at].name, is_far=bool(turn % 2) and len(chosen) > _LABELS_AT_MOST // 2)
        for turn, at in enumerate(chosen)
    ]
