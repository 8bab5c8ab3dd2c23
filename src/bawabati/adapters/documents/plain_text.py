"""Text from outside made fit for print: one line, drawable, of a bearable length."""

import re
import unicodedata
from itertools import groupby

LONGEST = 300
_MARKS_IN_A_ROW = 3
_JOINERS = "\u200c\u200d"
_UNDRAWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_NO_BREAK_SPACE = "\u00a0"
_ZERO_WIDTH_SPACE = "\u200b"
# Any true word or number is shorter.
_LONGEST_WORD = 22
_PIECE = 11
# Arabic letters as some old programs store them, one code for each shape: put back into letters, which the font shapes.
_SHAPED_ARABIC = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")


def plain_text(value: str, *, longest: int = LONGEST) -> str:
    """The value on one line, without control characters, direction overrides or towers of accents.

    A narrow no-break space becomes a no-break space, which the font has. What is longer than `longest` characters is
    cut and ends in "…", so that a broken file can never push the amount off the page.
    """
    composed = unicodedata.normalize("NFC", _SHAPED_ARABIC.sub(_as_letters, value))
    drawable = composed if composed.isprintable() else "".join(map(_drawable, composed))
    one_line = " ".join(part for part in _few_marks(drawable).split(" ") if part)
    return one_line if len(one_line) <= longest else one_line[: longest - 1].rstrip() + "…"


def unbreakable(value: str) -> str:
    """The value with spaces at which no line may end: figures and phone numbers stay in one piece."""
    return value.replace(" ", _NO_BREAK_SPACE)


def breakable(value: str, *, longest_word: int = _LONGEST_WORD) -> str:
    """The value with invisible places to break inside its absurdly long words, which would stand out of the page.

    Words of up to `longest_word` characters stay as they are, so that what people copy has nothing hidden in it.
    """
    pieces = (word if len(word) <= longest_word else _cut(word) for word in value.split(" "))
    return " ".join(pieces)


def _cut(word: str) -> str:
    return _ZERO_WIDTH_SPACE.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))


def _drawable(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r\v\f\x85":
        return " "
    if category in _SPACES:
        return _NO_BREAK_SPACE if character in "\u00a0\u202f" else " "
    # Every format character goes, the direction overrides first of all, but for the two that shape Arabic letters.
    return "" if category in _UNDRAWABLE and character not in _JOINERS else character


def _few_marks(value: str) -> str:
    """At most three combining marks on a letter: more are never a name, and they climb over the lines above."""
    if not any(map(unicodedata.combining, value)):
        return value
    runs = groupby(value, key=_is_mark)
    return "".join("".join(list(run)[:_MARKS_IN_A_ROW] if marks else run) for marks, run in runs)


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _as_letters(shapes: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", shapes[0])
