"""Pages need nobody but us, and read from either side."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.source import PORTAL, shown

OUTSIDE = re.compile(
    r"""(?ix) (?:
        \b(?:src|href|action|srcset|poster|data|formaction)\s*=\s*["']?\s*
      | url\(\s*["']?\s*
      | @import\s+["']?
    )
    (?: https?: )? // [^"'\s)]+"""
)
"""An address with a host, where a browser would fetch or send something."""

SIDED = re.compile(
    r"""(?ix) (?<![\w-]) (?:
        (?:margin|padding|border)-(?:left|right)(?:-[a-z]+)?
      | border-(?:top|bottom)-(?:left|right)-radius
      | left | right
    ) \s* :
    | (?<![\w-]) (?:text-align|float|clear) \s* : \s* (?:left|right) \b"""
)
"""Declarations that mean the same side in Arabic and in French."""

SAID_WHOLE = re.compile(r"(?s)\{% blocktranslate.*?endblocktranslate %\}|<code.*?</code>|<[^>]*>")
"""Sentences with their own punctuation, figures for machines, and attributes."""
COLON = re.compile(r"[%}]\}:\s")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def files(*endings: str) -> Iterator[Path]:
    return (path for path in sorted((PORTAL / "web").rglob("*")) if path.suffix in endings and path.is_file())


def styles() -> Iterator[tuple[Path, str]]:
    for path in files(".css", ".html"):
        text = path.read_text()
        yield path, text if path.suffix == ".css" else "\n".join(re.findall(r"(?s)<style.*?</style>", text))


def test_no_page_names_a_host_outside() -> None:
    naming = [
        f"{shown(path)}: {found.group()}"
        for path in files(".html", ".css", ".js", ".svg")
        for found in OUTSIDE.finditer(path.read_text())
    ]
    assert naming == []


def test_styles_name_start_and_end_never_left_and_right() -> None:
    sided = [
        f"{shown(path)}: {found.group()}"
        for path, style in styles()
        for found in SIDED.finditer(COMMENT.sub("", style))
    ]
    assert sided == []


def test_there_are_pages_to_look_at() -> None:
    assert any(files(".html"))
    assert any(style for _, style in styles())


@pytest.mark.parametrize(
    "declaration",
    ["margin-left: 1rem", "left:0", "text-align: right", "border-top-left-radius:2px", "float:left", "padding-right:0"],
)
def test_a_sided_declaration_would_be_found(declaration: str) -> None:
    assert SIDED.search(f"p{{{declaration}}}")


@pytest.mark.parametrize("declaration", ["margin-inline-start: 1rem", "inset-inline-start:0", "text-align: start"])
def test_a_logical_declaration_is_left_alone(declaration: str) -> None:
    assert not SIDED.search(f"p{{{declaration}}}")


@pytest.mark.parametrize(
    "markup", ['<img src="https://x.example/a.png">', "a{background:url(//x.example/a)}", '@import "http://x.example"']
)
def test_a_host_outside_would_be_found(markup: str) -> None:
    assert OUTSIDE.search(markup)


def test_the_language_decides_what_stands_before_a_colon() -> None:
    """`{% translate "Word" %}{% colon %}`: French wants a space there, and no other language does."""
    bare = [shown(path) for path in files(".html") if COLON.search(SAID_WHOLE.sub("", path.read_text()))]
    assert bare == []
