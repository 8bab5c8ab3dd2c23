"""Every page of the docs can be reached, and whatever a page points at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.source import ROOT, shown

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^]]*\]\(([^)\s#]+)[^)]*\)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")
NAMED_FILE = re.compile(r"`((?:src|tests|docs|deploy|benchmarks)/[^`\s]*)`")
CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def links_of(page: Path) -> Iterator[Path]:
    """The files that a page links to, addresses on the web left out."""
    text = CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if not ELSEWHERE.match(target):
            yield (page.parent / target).resolve()


def exists(named: str) -> bool:
    """A file or folder; `*` and `{ar,fr}` may stand for several, and one of them has to be there."""
    choice = re.search(r"\{([^}]*)\}", named)
    if choice:
        return all(exists(named.replace(choice[0], one)) for one in choice[1].split(","))
    return any(ROOT.glob(named.rstrip("/")))


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [str(target) for target in links_of(page) if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    assert [named for named in NAMED_FILE.findall(page.read_text(encoding="utf-8")) if not exists(named)] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            waiting += links_of(page)
    assert [shown(page) for page in PAGES if page not in reached] == []


def test_decisions_are_numbered_once_each() -> None:
    numbers = [path.name.partition("-")[0] for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert all(re.fullmatch(r"\d{4}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))
