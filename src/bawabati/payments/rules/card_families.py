"""CIB or Edahabia? The gateway names none and masks the number, so a table of number ranges has to say.

Rule: card-family (behaviour.md 6)
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bawabati.errors import CannotDo

SHOWN: Final = re.compile(r"^[0-9]{4,8}")
DIGITS: Final = re.compile(r"[0-9]{4,8}")
WHOLE: Final = 16


class CardFamily(StrEnum):
    """The two families of Algerian cards. What fits no range is not stated: the empty word."""

    CIB = "cib"
    EDAHABIA = "edahabia"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Card numbers whose first digits lie between `first` and `last`, both counted; both have as many."""

    first: str
    last: str
    family: CardFamily
    source: str = ""


class BadCardRange(CannotDo):
    """A range that cannot be meant."""

    code = "bad_card_range"
    sentence = "Line %(line)s: a range has 4 to 8 digits on both sides, the lower first, and a family that we know."


class CardRangesOverlap(CannotDo):
    """Two ranges claim the same number."""

    code = "card_ranges_overlap"
    sentence = "%(one)s and %(other)s overlap: a card would belong to both."


def family_of(masked_card: str, ranges: Iterable[NumberRange]) -> str:
    """A family, or nothing: where no range holds every number that begins with the digits that the mask shows.

    A mask of four digits says less than one of six; what it leaves open is not guessed.
    """
    shown = SHOWN.match(masked_card)
    if shown is None:
        return ""
    lowest, highest = shown[0].ljust(WHOLE, "0"), shown[0].ljust(WHOLE, "9")
    for known in ranges:
        if known.first.ljust(WHOLE, "0") <= lowest and highest <= known.last.ljust(WHOLE, "9"):
            return known.family
    return ""


def check_ranges(ranges: Sequence[NumberRange]) -> None:
    """Raises CardRangesOverlap."""
    for one, other in pairwise(sorted(ranges, key=lambda known: known.first.ljust(WHOLE, "0"))):
        if other.first.ljust(WHOLE, "0") <= one.last.ljust(WHOLE, "9"):
            raise CardRangesOverlap(one=f"{one.first}-{one.last}", other=f"{other.first}-{other.last}")


def read_range(*, line: int, first: str, last: str, family: str, source: str) -> NumberRange:
    """A range as somebody wrote it; an empty `last` is the same as `first`. Raises BadCardRange."""
    last = last or first
    known = {each.value for each in CardFamily}
    if not (DIGITS.fullmatch(first) and DIGITS.fullmatch(last)) or len(first) != len(last) or first > last:
        raise BadCardRange(line=line)
    if family not in known:
        raise BadCardRange(line=line)
    return NumberRange(first=first, last=last, family=CardFamily(family), source=source[:200])
