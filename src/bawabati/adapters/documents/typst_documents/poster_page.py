"""From what stands on a poster to what its page shows, as one JSON object."""

import io
import json
import re
from typing import Final

import segno

from bawabati.adapters.documents.plain_text import plain_text, unbreakable
from bawabati.adapters.documents.posters import Poster

LANGUAGES: Final = frozenset({"ar", "fr", "en"})
_OURS: Final = "#0b5d7a"
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_LONGEST_LOGO: Final = 200_000
_DARK_ENOUGH: Final = 0.18
"""Relative luminance below which white letters stand out 4.5 times and more (WCAG 2.2, 1.4.3)."""


def poster_page(poster: Poster, *, with_logo: bool = True) -> str:
    """The JSON that `poster.typ` reads. The same facts give the same text. Raises ValueError for another language."""
    if poster.language not in LANGUAGES:
        raise ValueError(f"there is no poster in {poster.language!r}")
    return json.dumps(
        {
            "language": poster.language,
            "form": poster.form.value,
            "company": plain_text(poster.company, longest=120),
            "phone": unbreakable(plain_text(poster.phone, longest=40)),
            "address": plain_text(poster.address, longest=120),
            "code": plain_text(poster.code, longest=12),
            "place": plain_text(poster.place, longest=80),
            "logo": poster.logo_svg if with_logo and len(poster.logo_svg) <= _LONGEST_LOGO else "",
            "colour": _ground(poster.colour),
            "help_number": plain_text(poster.help_number, longest=10),
            "qr": _qr_svg(poster.qr),
        }
    )


def _ground(colour: str) -> str:
    """The company's colour where white stands out on it, darkened until it does; ours where it is none."""
    if not _COLOUR.fullmatch(colour):
        return _OURS
    levels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    while _luminance(levels) > _DARK_ENOUGH:
        levels = [level * 9 // 10 for level in levels]
    return "#" + "".join(f"{level:02x}" for level in levels)


def _luminance(levels: list[int]) -> float:
    red, green, blue = (
        level / 255 / 12.92 if level <= 10 else ((level / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for level in levels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _qr_svg(address: str) -> str:
    """With a quarter of it to spare: posters are scratched, rained on and photographed from the side."""
    picture = io.BytesIO()
    segno.make(address, error="q", micro=False).save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode("ascii")
