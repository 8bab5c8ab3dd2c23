"""Finding one's company among all of them: by its name, a wilaya or a commune, however people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_SEARCH: Final = 80
_ARABIC: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي"})
_TATWEEL: Final = "\u0640"
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A company as it can be found: everything that people may call it by."""

    code: str
    called: Sequence[str]


def folded(text: str) -> str:
    """The text as it is compared: small letters, no accents or vowel signs, one form of each Arabic letter."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace(_TATWEEL, "").translate(_ARABIC)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_ARABIC)


def find_listed(sought: str, listed: Iterable[Listed]) -> list[str]:
    """Codes of the companies of which every sought word begins a word, in their order; all when nothing is sought."""
    words = _words(sought[:LONGEST_SEARCH])
    return [one.code for one in listed if all(_is_in(word, one) for word in words)]


def _is_in(word: str, one: Listed) -> bool:
    return any(own.startswith(word) or own.removeprefix("ال").startswith(word) for own in _words(" ".join(one.called)))


def _words(text: str) -> list[str]:
    return [word.removeprefix("ال") if len(word) > len("ال") + 1 else word for word in _WORD.findall(folded(text))]
