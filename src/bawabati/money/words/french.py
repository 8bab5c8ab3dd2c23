"""French amounts, in the traditional spelling: soixante-dix, quatre-vingts, hyphens below one hundred.

"Vingt" (in quatre-vingts) and "cent" take an s when they are multiplied and no numeral follows. "Mille" is a
numeral and never changes; "million" and "milliard" are nouns, which leave the s before them alone and ask for
"de" when the currency comes next.
"""

from typing import Final

_UNITS: Final = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
)
_TENS: Final = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_MILLION: Final = 10**6


def say(dinars: int, centimes: int) -> str:
    """Dinars and centimes (0 to 99) in words."""
    if not centimes:
        return _dinars(dinars)
    if not dinars:
        return _centimes(centimes)
    return f"{_dinars(dinars)} et {_centimes(centimes)}"


def _dinars(count: int) -> str:
    noun = _plural(count, "dinar algérien", "dinars algériens")
    of = "de " if count and count % _MILLION == 0 else ""
    return f"{_number(count)} {of}{noun}"


def _centimes(count: int) -> str:
    return f"{_number(count)} {_plural(count, 'centime', 'centimes')}"


def _plural(count: int, one: str, more: str) -> str:
    return one if count < 2 else more  # noqa: PLR2004 - the French plural begins at two


def _number(number: int) -> str:
    if number == 0:
        return _UNITS[0]
    milliards, rest = divmod(number, 10**9)
    millions, rest = divmod(rest, _MILLION)
    thousands, rest = divmod(rest, 1000)
    parts: list[str] = []
    if milliards:
        parts.append(f"{_below_thousand(milliards)} {_plural(milliards, 'milliard', 'milliards')}")
    if millions:
        parts.append(f"{_below_thousand(millions)} {_plural(millions, 'million', 'millions')}")
    if thousands == 1:
        parts.append("mille")
    elif thousands:
        parts.append(f"{_below_thousand(thousands, numeral_follows=True)} mille")
    if rest:
        parts.append(_below_thousand(rest))
    return " ".join(parts)


def _below_thousand(number: int, *, numeral_follows: bool = False) -> str:
    hundreds, low = divmod(number, 100)
    parts: list[str] = []
    if hundreds == 1:
        parts.append("cent")
    elif hundreds:
        parts.append(f"{_UNITS[hundreds]} {'cent' if low or numeral_follows else 'cents'}")
    if low:
        parts.append(_below_hundred(low, numeral_follows=numeral_follows))
    return " ".join(parts)


def _below_hundred(number: int, *, numeral_follows: bool) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens not in _TENS:  # seventy and ninety count on from sixty and eighty
        tens, unit = tens - 1, unit + 10
    if unit == 0:
        return _TENS[tens] + ("s" if _TENS[tens] == "quatre-vingt" and not numeral_follows else "")
    if unit in {1, 11} and _TENS[tens] != "quatre-vingt":
        return f"{_TENS[tens]} et {_UNITS[unit]}"
    return f"{_TENS[tens]}-{_UNITS[unit]}"
