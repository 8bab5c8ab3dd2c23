"""In which language a piece of text is, as far as a few small words tell."""

from __future__ import annotations

import re
from typing import Final

_FRENCH: Final = """
    le la les des du et un une est sont vous votre vos pour par sur dans en que qui ne pas au aux ce cette avec sans ou
    où nous il elle se sa son ses cet ces été d' l' à de
"""
_ENGLISH: Final = """
    the of and you your is are was to for an in that by with not no from this it be at has have we they its there can
    will which
"""
_SMALL_WORDS: Final = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
_ARABIC: Final = re.compile(r"[\u0621-\u064a]")
_LATIN_WORD: Final = re.compile(r"[^\W\d_]+'?", re.UNICODE)
_ENOUGH_WORDS: Final = 3


def tongue_of(text: str) -> str | None:
    """`ar`, `fr` or `en`; None for names, numbers, and what is too short to tell."""
    letters = sum(character.isalpha() for character in text)
    if letters == 0:
        return None
    if len(_ARABIC.findall(text)) * 2 >= letters:
        return "ar"
    words = [word.lower() for word in _LATIN_WORD.findall(text.replace("’", "'")) if not _ARABIC.search(word)]
    if len(words) < _ENOUGH_WORDS:
        return None
    counts = {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    if counts["fr"] == counts["en"]:
        return None
    return max(counts, key=lambda language: counts[language])
