"""A card scheme's mark as a file: a PNG, or an SVG that is plainly harmless. Anything doubtful is refused, not mended.

The mark stands on the page where people pay, so it may neither run, nor fetch, nor say where it is shown.
"""

import re
from typing import ClassVar, Final
from xml.parsers import expat

from bawabati.errors import CannotDo

CARD_MARK: Final = "cib_edahabia"
"""The mark of both networks, which are accepted together."""

LARGEST_MARK: Final = 64 * 1024
"""Bytes. It is sent with every page that shows it."""

PNG: Final = "image/png"
SVG: Final = "image/svg+xml"

_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_ENDS: Final = b"\0\0\0\0IEND\xaeB`\x82"
_SVG_SPACE: Final = "http://www.w3.org/2000/svg"
_LINK: Final = "http://www.w3.org/1999/xlink href"
_SPACE: Final = "http://www.w3.org/XML/1998/namespace space"
_DRAWS: Final = frozenset({
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "style"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
})  # fmt: skip
_REACHES_OUT: Final = re.compile(r"url\s*\((?!\s*['\"]?#)|@|\\|//|javascript\s*:|expression\s*\(", re.IGNORECASE)
_DEEPEST: Final = 40


class MarkRefused(CannotDo):
    """The file is not plainly a harmless picture. `problem` says why, in English."""

    code: ClassVar[str] = "mark_refused"
    sentence: ClassVar[str] = "This file cannot be shown as a mark: %(problem)s."


def check_mark(content: bytes) -> str:
    """What kind of picture it is, `PNG` or `SVG`; the bytes are stored as they came.

    Rule: harmless-marks (ours: the mark stands on the page where people pay)

    Raises:
        MarkRefused: neither, too large, or an SVG that could run or fetch something.
    """
    if len(content) > LARGEST_MARK:
        raise MarkRefused(problem=f"it has more than {LARGEST_MARK // 1024} KB")
    if content.startswith(_PNG_BEGINS):
        if not content.endswith(_PNG_ENDS):
            raise MarkRefused(problem="the PNG is not whole, or something stands behind it")
        return PNG
    _Drawing().read(content)
    return SVG


class _Drawing:
    """Reads an SVG element by element; the first thing that is not plainly harmless ends it."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._style = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise MarkRefused(problem=f"it is neither a PNG nor well-formed SVG (line {error.lineno})") from error

    def _doctype(self, *_declared: object) -> None:
        raise MarkRefused(problem="a DOCTYPE may bring entities; save it as plain SVG without one")

    def _instruction(self, target: str, _text: str) -> None:
        raise MarkRefused(problem=f"it asks for something to be processed (<?{target[:20]}?>)")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if space != _SVG_SPACE or element not in _DRAWS:
            raise MarkRefused(problem=f"<{element[:40]}> is not something that a mark needs; save it as plain SVG")
        if (element == "svg") is bool(self._open):
            raise MarkRefused(problem="its first element, and no other, has to be <svg>")
        if len(self._open) == _DEEPEST:
            raise MarkRefused(problem="it is nested too deeply")
        self._open.append(element)
        for attribute, value in attributes.items():
            _check_attribute(attribute, value)

    def _end(self, _name: str) -> None:
        if self._open.pop() == "style":
            _check_value("style", self._style)
            self._style = ""

    def _text(self, text: str) -> None:
        if self._open[-1] == "style":  # comes in pieces: looked at when it is whole
            self._style += text


def _check_attribute(name: str, value: str) -> None:
    if name in {"href", _LINK}:
        if not value.startswith("#"):
            raise MarkRefused(problem="it points outside itself")
        return
    if name.lower().startswith("on"):
        raise MarkRefused(problem=f"{name[:40]} would run a script")
    if " " in name and name != _SPACE:
        raise MarkRefused(problem=f"{name.rpartition(' ')[2][:40]} is not of SVG; save it as plain SVG")
    _check_value(name, value)


def _check_value(name: str, value: str) -> None:
    if _REACHES_OUT.search(value):
        raise MarkRefused(problem=f"{name[:40]} may reach outside the drawing")
