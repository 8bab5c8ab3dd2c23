"""Scales that people can read: steps of 1, 2 or 5, and percentages as an SVG takes them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Final

STEPS_AT_MOST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From zero to `top` in equal steps, at least one; whole numbers."""

    top: int
    step: int

    @property
    def marks(self) -> tuple[int, ...]:
        """Each step, the highest first, down to zero."""
        return tuple(range(self.top, -1, -self.step))

    def percent_of(self, value: int) -> Fraction:
        """How far up `value` stands; never outside."""
        return Fraction(min(max(value, 0), self.top) * 100, self.top)


def scale_for(most: int) -> Scale:
    """The smallest scale of at most four steps of 1, 2 or 5 times a power of ten that reaches `most`."""
    for power in count():
        for first in (1, 2, 5):
            step = first * 10**power
            steps = max(1, -(-most // step))
            if steps <= STEPS_AT_MOST:
                return Scale(top=step * steps, step=step)
    raise AssertionError("a power of ten is large enough")


def place(percent: Fraction) -> str:
    """A percentage as an attribute of SVG: "12.5%". Always with a point."""
    return f"{float(percent):.2f}".rstrip("0").rstrip(".") + "%"
