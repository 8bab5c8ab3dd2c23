"""The glossary's words are the words that are used: those of the code in the code, the others where people read."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from house.source import PORTAL, ROOT, python_files

PAGE = ROOT / "docs" / "reference" / "glossary.md"
LATER = "## Later promises bring"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
OTHER_WORDS = {"ar": re.compile(r"شرك(?:ة|ت|ات)"), "fr": re.compile(r"soci[ée]té", re.IGNORECASE)}
"""For what has one word in the glossary: the company."""
ARTICLES = {"ar": re.compile(r"\bال"), "fr": re.compile(r"\b(?:l'|(?:le|la|les) )")}


def rows(text: str) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = ROW.findall(text)
    return [row for row in found if row[2] not in {"English", "---"}]


def read_by_people(language: str) -> Iterator[str]:
    """Translated sentences, the words of the receipt, the demonstration's texts."""
    with (PORTAL / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as catalogue:
        for message in read_po(catalogue, locale=language):
            yield from [message.string] if isinstance(message.string, str) else message.string or ()
    for path in (*PORTAL.rglob(f"*.{language}.json"), *PORTAL.rglob(f"*.{language}.txt")):
        yield path.read_text(encoding="utf-8")


def bare(text: str, language: str) -> str:
    """Without articles, capitals and curly apostrophes."""
    return ARTICLES[language].sub("", text.casefold().replace("’", "'"))


@pytest.mark.parametrize(("language", "column"), [("ar", 0), ("fr", 1)])
def test_every_word_of_the_pages_is_on_the_pages(language: str, column: int) -> None:
    read = bare("\n".join(read_by_people(language)), language)
    today = PAGE.read_text(encoding="utf-8").partition(LATER)[0]
    words = [row[column] for row in rows(today) if row[column] != "–"]
    assert len(words) > 10
    assert [word for word in words if bare(word, language) not in read] == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_company_has_one_name_on_every_page(language: str) -> None:
    """Texts of companies themselves, with their legal names, are theirs."""
    with (PORTAL / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as catalogue:
        said = [str(message.string) for message in read_po(catalogue, locale=language)]
    assert [words for words in said if OTHER_WORDS[language].search(words)] == []


def test_every_word_of_the_code_is_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path, _ in python_files(PORTAL))
    cells = [cell for *_, cell in rows(PAGE.read_text(encoding="utf-8"))]
    words = [word for cell in cells for name in CODE.findall(cell) for word in name.split(".")]
    assert len(words) > 20
    assert [word for word in words if not re.search(rf"\b{word}\b", code)] == []


def test_each_thing_has_one_english_word() -> None:
    english = [word for _, _, word, _ in rows(PAGE.read_text(encoding="utf-8"))]
    assert sorted(english) == sorted(set(english))
