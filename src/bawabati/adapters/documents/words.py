"""The words of the documents of a desk, by key and language: `words.<language>.json` beside this file."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = frozenset({"ar", "fr", "en"})


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Key → word. Raises KeyError when there is none in that language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    path = Path(__file__).with_name(f"words.{language}.json")
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words
