"""Lines drawn as a picture of black and white dots.

A receipt printer neither joins Arabic letters nor orders them; what it prints right is a picture.

Rule: receipt-as-raster (readers.md 5.4)
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, features

from agency_bridge.printing.paper import LONGEST_LINE, MOST_LINES, Line

_FONTS: Final = Path(__file__).parent / "fonts"
_POINTS: Final = {1: 25, 2: 46}
_LEADING: Final = {1: 34, 2: 62}
_MARGIN: Final = 8
_NO_BREAK: Final = "\u00a0"
_ISOLATED: Final = ("\u2066", "\u2069")
_READ_LEFT_TO_RIGHT: Final = re.compile(
    r"(?P<amount>[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?(?![0-9]))"
    r"|[A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ.'’-]*(?: [A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ.'’-]*)+"
    r"|[0-9A-Za-zÀ-ÿ*#](?:[0-9A-Za-zÀ-ÿ*#/:.,+_-]*[0-9A-Za-zÀ-ÿ*#%])?"
)
"""Amounts with their thousands, names, numbers, dates, masked cards: inside Arabic too they are read from the left."""
_RULE: Final = re.compile(r"-{8,}")
_DARK: Final = 150
"""Greys below become black: thin strokes stay whole on thermal paper."""


class CannotDraw(Exception):  # noqa: N818 - it says what happened
    """This machine cannot shape Arabic; the sentence says what is missing."""


def drawn(lines: tuple[Line, ...], *, width: int) -> Image.Image:
    """The lines on a picture `width` dots wide, a multiple of 8, one bit deep, black on white.

    Raises:
        CannotDraw: Pillow has no raqm.
    """
    if not features.check("raqm"):
        raise CannotDraw("Pillow was built without raqm, which joins Arabic letters")
    width -= width % 8
    rows = [piece for line in lines[:MOST_LINES] for piece in _folded(_plain(line), width - 2 * _MARGIN)]
    height = sum(_LEADING[row.size] for row in rows) + 2 * _MARGIN
    picture = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(picture)
    top = _MARGIN
    for row in rows:
        _draw(pen, row, top=top, width=width)
        top += _LEADING[row.size]
    return picture.point(lambda grey: 0 if grey < _DARK else 255).convert("1", dither=Image.Dither.NONE)


def _plain(line: Line) -> Line:
    """Without line ends and control characters; what steers directions stays."""
    text = "".join(
        " " if mark in "\t\n\r" else mark
        for mark in line.text[:LONGEST_LINE]
        if mark in "\t\n\r" or unicodedata.category(mark) != "Cc"
    )
    if line.direction == "rtl" and not any(mark in text for mark in _ISOLATED):
        text = _READ_LEFT_TO_RIGHT.sub(_isolated, text)
    size = line.size if line.size in _POINTS else 1
    return Line(text=text, align=line.align, bold=line.bold, size=size, direction=line.direction)


def _isolated(found: re.Match[str]) -> str:
    """An amount is not folded between its thousands; a name may be."""
    begin, end = _ISOLATED
    return begin + (found[0].replace(" ", _NO_BREAK) if found["amount"] else found[0]) + end


def _folded(line: Line, room: int) -> list[Line]:
    """The line in pieces that fit into `room` dots, broken at spaces where there are any."""
    if not line.text.strip():
        return [Line(text="", size=line.size)]
    pieces: list[str] = []
    current = ""
    for word in line.text.split(" "):
        candidate = f"{current} {word}" if current else word
        if _fits(candidate, line, room):
            current = candidate
            continue
        if current:
            pieces.append(current)
        *broken, current = _broken(word, line, room)
        pieces += broken
    pieces.append(current)
    return [
        Line(text=piece, align=line.align, bold=line.bold, size=line.size, direction=line.direction)
        for piece in pieces
        if piece
    ]


def _broken(word: str, line: Line, room: int) -> list[str]:
    """A word that no line can hold, in pieces that fit."""
    pieces = [""]
    for mark in word:
        if pieces[-1] and not _fits(pieces[-1] + mark, line, room):
            pieces.append("")
        pieces[-1] += mark
    return pieces


def _fits(text: str, line: Line, room: int) -> bool:
    font = _font(bold=line.bold, size=line.size)
    return font.getlength(text, direction=_direction(line), language=_language(line)) <= room


def _draw(pen: ImageDraw.ImageDraw, line: Line, *, top: int, width: int) -> None:
    anchors = {
        "left": ("la", _MARGIN),
        "centre": ("ma", width // 2),
        "right": ("ra", width - _MARGIN),
    }
    anchor, across = anchors.get(line.align, anchors["left"])
    if _RULE.fullmatch(line.text):
        middle = top + _LEADING[line.size] // 2
        pen.line((_MARGIN, middle, width - _MARGIN, middle), fill=0, width=2)
        return
    pen.text(
        (across, top),
        line.text,
        fill=0,
        font=_font(bold=line.bold, size=line.size),
        anchor=anchor,
        direction=_direction(line),
        language=_language(line),
    )


def _direction(line: Line) -> str:
    return "rtl" if line.direction == "rtl" else "ltr"


def _language(line: Line) -> str:
    return "ar" if line.direction == "rtl" else "fr"


@cache
def _font(*, bold: bool, size: int) -> ImageFont.FreeTypeFont:
    name = "IBMPlexSansArabic-Bold.ttf" if bold else "IBMPlexSansArabic-Regular.ttf"
    return ImageFont.truetype(_FONTS / name, _POINTS[size], layout_engine=ImageFont.Layout.RAQM)
