"""How an SMS is counted: the alphabet that its letters need, and the parts that it is sent and paid in.

In GSM-7 a message of 160 letters is one part, a longer one parts of 153. One letter beyond that alphabet, such as any
Arabic one, and the whole message is UCS-2: 70, then 67 (3GPP TS 23.038 and 23.040).
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each of these takes two places."""
_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
)
_INVISIBLE = str.maketrans("", "", "\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b\u202c")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLength:
    """What a text costs. `units`: places of GSM-7, or 16-bit units of UCS-2."""

    alphabet: str
    units: int
    parts: int


def as_sms(text: str) -> str:
    """The text as a telephone shows it best: without invisible marks, and in GSM-7 where only ornament hinders that.

    Old telephones draw a box for each mark of direction.
    """
    visible = text.translate(_INVISIBLE)
    plain = visible.translate(_PLAIN)
    return plain if _is_gsm(plain) else visible


def length_of(text: str) -> TextLength:
    """What it costs. Rule: sms-parts (3GPP TS 23.038)"""
    if _is_gsm(text):
        units = sum(2 if letter in _EXTENDED else 1 for letter in text)
        return TextLength(alphabet="gsm7", units=units, parts=_parts(_gsm_sizes(text), single=160, joined=153))
    sizes = [2 if ord(letter) > 0xFFFF else 1 for letter in text]  # noqa: PLR2004 - the end of the basic plane
    return TextLength(alphabet="ucs2", units=sum(sizes), parts=_parts(sizes, single=70, joined=67))


def _is_gsm(text: str) -> bool:
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def _gsm_sizes(text: str) -> list[int]:
    return [2 if letter in _EXTENDED else 1 for letter in text]


def _parts(sizes: list[int], *, single: int, joined: int) -> int:
    """A letter of two places is never cut in the middle."""
    if sum(sizes) <= single:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts
