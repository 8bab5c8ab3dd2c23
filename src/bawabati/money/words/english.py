"""English amounts, with the British "and" before the last part below one hundred."""

from typing import Final

_UNITS: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES: Final = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def say(dinars: int, centimes: int) -> str:
    """Dinars and centimes (0 to 99) in words."""
    if not centimes:
        return _dinars(dinars)
    if not dinars:
        return _centimes(centimes)
    return f"{_dinars(dinars)} and {_centimes(centimes)}"


def _dinars(count: int) -> str:
    return f"{_number(count)} Algerian {'dinar' if count == 1 else 'dinars'}"


def _centimes(count: int) -> str:
    return f"{_number(count)} {'centime' if count == 1 else 'centimes'}"


def _number(number: int) -> str:
    parts: list[str] = []
    rest = number
    for size, name in _SCALES:
        groups, rest = divmod(rest, size)
        if groups:
            parts.append(f"{_below_thousand(groups)} {name}")
    if parts and 0 < rest < 100:  # noqa: PLR2004 - "one thousand and five", but "one thousand one hundred"
        parts.append("and")
    if rest or not parts:
        parts.append(_below_thousand(rest))
    return " ".join(parts)


def _below_thousand(number: int) -> str:
    hundreds, low = divmod(number, 100)
    if not hundreds:
        return _below_hundred(low)
    hundred = f"{_UNITS[hundreds]} hundred"
    return f"{hundred} and {_below_hundred(low)}" if low else hundred


def _below_hundred(number: int) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_TENS[tens]}-{_UNITS[unit]}" if unit else _TENS[tens]
