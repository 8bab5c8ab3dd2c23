"""What a campaign hangs up and hands out: posters and cards with a code. Their words are in `poster.*.json`."""

from dataclasses import dataclass
from enum import StrEnum


class PosterForm(StrEnum):
    """A3 and A4 posters; A6 cards and business cards as A4 sheets with marks where to cut."""

    A3 = "a3"
    A4 = "a4"
    A6 = "a6"
    CARDS = "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on it. `language` is "ar", "fr" or "en"; the names are in that language.

    `address` is what people read and type, without `https://`; `qr` is what the QR code holds; `colour` is `#rrggbb`.
    """

    language: str
    form: PosterForm
    company: str
    phone: str
    address: str
    qr: str
    code: str
    place: str = ""
    """The agency where it hangs; empty: anywhere."""
    logo_svg: str = ""
    colour: str = ""
    help_number: str = ""
