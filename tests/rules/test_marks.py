"""Which files may stand on the button that pays."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.companies.rules import MarkRefused, check_mark

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"picture" + b"\0\0\0\0IEND\xaeB`\x82"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def svg(inside: str, *, before: str = "") -> bytes:
    return f"{before}{HEAD}{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        '<title>CIB</title><g fill="#fff"><path d="M0 0h9v9z"/></g>',
        '<linearGradient id="a"><stop offset="1" stop-color="red"/></linearGradient><rect height="9" fill="url(#a)"/>',
        "<style>.a{fill:#123456}</style><circle class='a' r='4'/>",
        '<path id="p" d="M0 0"/><use xlink:href="#p"/><use href="#p"/>',
    ],
)
def test_a_plain_drawing_is_taken(inside: str) -> None:
    assert check_mark(svg(inside, before='<?xml version="1.0"?>\n')) == "image/svg+xml"


def test_a_png_is_taken() -> None:
    assert check_mark(PNG) == "image/png"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (svg("<script>alert(1)</script>"), "<script>"),
        (svg('<path onload="alert(1)"/>'), "script"),
        (svg("<foreignObject/>"), "foreignObject"),
        (svg('<image href="https://example.com/a.png"/>'), "<image>"),
        (svg('<use href="https://example.com/a.svg#b"/>'), "outside itself"),
        (svg('<use xlink:href="data:image/svg+xml,x"/>'), "outside itself"),
        (svg('<rect fill="url(https://example.com/a)"/>'), "reach outside"),
        (svg('<rect style="background:URL( //example.com/a)"/>'), "reach outside"),
        (svg("<style>@import 'a.css';</style>"), "reach outside"),
        (svg("<style>.a{fill:u\\72l(x)}</style>"), "reach outside"),
        (svg('<a href="#b"/>'), "<a>"),
        (svg('<set attributeName="href" to="x"/>'), "<set>"),
        (svg('<g xmlns:i="http://example.com/i" i:thing="1"/>'), "not of SVG"),
        (svg('<i xmlns="http://www.w3.org/1999/xhtml"/>'), "<i>"),
        (svg("<svg/>"), "first element"),
        (svg("<g>" * 50 + "</g>" * 50), "nested"),
        (svg("&a;", before='<!DOCTYPE svg [<!ENTITY a "a">]>'), "DOCTYPE"),
        (svg("", before='<?xml-stylesheet href="a.css"?>'), "xml-stylesheet"),
        (b"<svg></svg>", "<svg>"),
        (b"<svg", "well-formed"),
        (b"", "well-formed"),
        (b"GIF89a", "well-formed"),
        (PNG + b"<script>", "behind it"),
        (b"\x89PNG\r\n\x1a\n", "well-formed"),
        (PNG[:16] + bytes(64 * 1024) + PNG[16:], "64 KB"),
    ],
)
def test_what_is_not_plainly_harmless_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(MarkRefused, match=why):
        check_mark(content)


@given(st.binary(max_size=200) | st.text(max_size=100).map(svg))
def test_whatever_comes_is_taken_or_refused(content: bytes) -> None:
    with suppress(MarkRefused):
        assert check_mark(content) in {"image/png", "image/svg+xml"}
