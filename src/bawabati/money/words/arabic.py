"""Arabic amounts, in the nominative, fully agreeing.

What the counted noun looks like depends on the last two digits of its number: one and two are the noun
itself, three to ten take the plural, eleven to ninety-nine the accusative singular, whole hundreds the
plain singular. All our nouns are masculine, so three to ten wear the feminine ending. A dual drops its nūn,
and an accusative its tanween, before the noun that it counts.
"""

from dataclasses import dataclass
from typing import Final

_AND: Final = " و"
_MOST_FEW: Final = 10

_UNITS: Final = ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_ELEVEN: Final = "أحد عشر"
_TWELVE: Final = "اثنا عشر"
_TENS: Final = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS: Final = (
    "",
    "مائة",
    "مائتان",
    "ثلاثمائة",
    "أربعمائة",
    "خمسمائة",
    "ستمائة",
    "سبعمائة",
    "ثمانمائة",
    "تسعمائة",
)
_HUNDREDS_OF: Final = (*_HUNDREDS[:2], "مائتا", *_HUNDREDS[3:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noun:
    """A counted noun in every form that counting asks for."""

    one: str
    two: str
    few: str
    many: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """A thousand or more: a noun that is counted, and then counts another."""

    size: int
    noun: _Noun
    noun_of: _Noun
    """The same directly before another noun."""


def _scale(size: int, one: str, few: str) -> _Scale:
    return _Scale(
        size=size,
        noun=_Noun(one=one, two=f"{one}ان", few=few, many=f"{one}ًا"),
        noun_of=_Noun(one=one, two=f"{one}ا", few=few, many=one),
    )


_SCALES: Final = (
    _scale(10**9, "مليار", "مليارات"),
    _scale(10**6, "مليون", "ملايين"),
    _scale(10**3, "ألف", "آلاف"),
)
_DINAR: Final = _Noun(one="دينار جزائري", two="ديناران جزائريان", few="دنانير جزائرية", many="دينارًا جزائريًا")
_DINAR_AGAIN: Final = _Noun(one="دينار", two="ديناران", few="دنانير", many="دينارًا")
_CENTIME: Final = _Noun(one="سنتيم", two="سنتيمان", few="سنتيمات", many="سنتيمًا")


def say(dinars: int, centimes: int) -> str:
    """Dinars and centimes (0 to 99) in words."""
    if not centimes:
        return _dinars(dinars)
    if not dinars:
        return _few_or_many(centimes, _CENTIME)
    return _dinars(dinars) + _AND + _few_or_many(centimes, _CENTIME)


def _dinars(count: int) -> str:
    hundreds, low = count - count % 100, count % 100
    if count == 0:
        return f"{_UNITS[0]} {_DINAR.one}"
    if hundreds == 0:
        return _few_or_many(low, _DINAR)
    if low == 0:
        return f"{_whole_hundreds(hundreds, counting=True)} {_DINAR.one}"
    if low in {1, 2}:
        # The noun is said again, as in "a thousand nights and a night".
        return _dinars(hundreds) + _AND + _few_or_many(low, _DINAR_AGAIN)
    return _whole_hundreds(hundreds, counting=False) + _AND + _few_or_many(low, _DINAR)


def _few_or_many(count: int, noun: _Noun) -> str:
    """A noun counted from 1 to 99."""
    if count == 1:
        return f"{noun.one} {_UNITS[1]}"
    if count == 2:  # noqa: PLR2004 - the dual is the number two
        return noun.two
    return f"{_below_hundred(count)} {noun.few if count <= _MOST_FEW else noun.many}"


def _whole_hundreds(number: int, *, counting: bool) -> str:
    """A multiple of one hundred. `counting`: the counted noun follows at once."""
    parts: list[str] = []
    rest = number
    for scale in _SCALES:
        groups, rest = divmod(rest, scale.size)
        if groups:
            noun = scale.noun_of if counting and rest == 0 else scale.noun
            parts.append(_groups(groups, noun))
    if rest:
        parts.append((_HUNDREDS_OF if counting else _HUNDREDS)[rest // 100])
    return _AND.join(parts)


def _groups(groups: int, noun: _Noun) -> str:
    """So many thousands, millions or milliards, from 1 to 999."""
    hundreds, low = divmod(groups, 100)
    if low == 0:
        return f"{_HUNDREDS_OF[hundreds]} {noun.one}"
    if low in {1, 2}:
        said = noun.one if low == 1 else noun.two
        return f"{_HUNDREDS_OF[hundreds]} {noun.one}{_AND}{said}" if hundreds else said
    said = _few_or_many(low, noun)
    return _HUNDREDS[hundreds] + _AND + said if hundreds else said


def _below_hundred(number: int) -> str:
    if number <= _MOST_FEW:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens == 1:
        return {1: _ELEVEN, 2: _TWELVE}.get(unit, f"{_UNITS[unit]} عشر")
    return _UNITS[unit] + _AND + _TENS[tens] if unit else _TENS[tens]
