"""The words that the glossary gives for the code are words of the code."""

import re

from house.source import PORTAL, ROOT, python_files

PAGE = ROOT / "docs" / "reference" / "glossary.md"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [row for row in found if row[2] not in {"English", "---"}]


def test_every_word_of_the_code_is_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path, _ in python_files(PORTAL))
    words = [word for *_, cell in rows() for name in CODE.findall(cell) for word in name.split(".")]
    assert len(words) > 20
    assert [word for word in words if not re.search(rf"\b{word}\b", code)] == []


def test_each_thing_has_one_english_word() -> None:
    english = [word for _, _, word, _ in rows()]
    assert sorted(english) == sorted(set(english))
