"""The two colours that a company may give its pages, and whether people can still read what is written with them.

Contrast is that of WCAG 2.2 (1.4.3 and 1.4.11): relative luminance, from 1 to 21.
"""

from __future__ import annotations

import re
from typing import Final

from bawabati.companies.rules.settings import SettingWrong

LEAST_CONTRAST: Final = 4.5
"""Of text, and of what is written on a button."""

PAPER: Final = "#ffffff"
PAGE: Final = "#f3f7f8"
INK: Final = "#15262e"
DARK_PAPER: Final = "#16242b"
DARK_PAGE: Final = "#0e181d"
"""What the portal's style writes on; see web/static/web/portal.css."""

_WRITTEN: Final = re.compile(r"#[0-9a-f]{6}")
_MIST: Final = 0.12
"""How much of a colour its mist holds, over the paper."""
_DEEPER: Final = 0.25
_STEPS: Final = 40
_DARKEST: Final = 0.04045
"""Below it a part of a colour counts in proportion (sRGB)."""


class ColourUnreadable(SettingWrong):
    """No colour as pages write it."""

    code = "colour_unreadable"
    sentence = "Write a colour as # and six digits or letters a to f, for example #0b5d7a."


class ColourTooPale(SettingWrong):
    """Text in it could not be read. `contrast` says how it stands out, `least` how it should."""

    code = "colour_too_pale"
    sentence = (
        "Text in this colour stands out %(contrast)s to 1 from the page; people need at least %(least)s to 1. Take a "
        "darker one, for example %(instead)s."
    )


def read_colour(column: str, written: str) -> str:
    """The colour as it is kept, `#rrggbb` in small letters; empty stays empty. Raises ColourUnreadable."""
    colour = written.strip().lower()
    if colour and not _WRITTEN.fullmatch(colour):
        raise ColourUnreadable(column)
    return colour


def check_colour(column: str, colour: str) -> None:
    """Whether links, and white text on buttons, can be read in that colour. Empty: the portal's own.

    Rule: readable-colours (WCAG 2.2, 1.4.3)

    Raises:
        ColourTooPale: it says by how much, and a darker one that would do.
    """
    if not colour:
        return
    found = _least_contrast(colour)
    if found < LEAST_CONTRAST:
        instead = _until_readable(colour, towards="#000000")
        raise ColourTooPale(column, contrast=f"{found:.1f}", least=LEAST_CONTRAST, instead=instead)


def contrast(one: str, other: str) -> float:
    """How two colours stand out from each other: 1 (the same) to 21 (black and white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """What to write with on that colour: white or black, whichever stands out more. At least 4.58 to 1."""
    return max((PAPER, "#000000"), key=lambda text: contrast(text, colour))


def mist_of(colour: str, *, on: str = PAPER) -> str:
    """A breath of the colour, as a ground for what belongs together."""
    return _mixed(on, colour, _MIST)


def deeper(colour: str) -> str:
    """The colour of a button under the pointer."""
    return _mixed(colour, "#000000", _DEEPER)


def brighter(colour: str) -> str:
    """The same where the page is dark."""
    return _mixed(colour, PAPER, _DEEPER)


def for_the_dark(colour: str) -> str:
    """The colour made bright enough to be read where the page is dark."""
    for step in range(_STEPS + 1):
        lighter = _mixed(colour, PAPER, step / _STEPS)
        grounds = (DARK_PAPER, DARK_PAGE, mist_of(lighter, on=DARK_PAPER))
        if all(contrast(lighter, ground) >= LEAST_CONTRAST for ground in grounds):
            return lighter
    return PAPER


def _least_contrast(colour: str) -> float:
    return min(contrast(colour, ground) for ground in (PAPER, PAGE, mist_of(colour)))


def _until_readable(colour: str, *, towards: str) -> str:
    tried = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in tried if _least_contrast(shade) >= LEAST_CONTRAST)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _DARKEST else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
