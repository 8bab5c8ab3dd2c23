"""What a channel calls its reservations and files, and how it is named itself."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from bawabati.companies.rules import looks_like_a_card_number
from bawabati.errors import CannotDo

LONGEST_REFERENCE: Final = 40
LONGEST_CODE: Final = 12
MOST_BILLS: Final = 20
_REFERENCE: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_REFERENCE - 1}}}", re.ASCII)


class ReferenceNotReadable(CannotDo):
    """Not what a channel may call something."""

    code = "reference_not_readable"
    sentence = "A reference is made of 1 to 40 letters, digits, dots, dashes and underscores."


class ReferenceLooksLikeCard(CannotDo):
    """A card number in place of a reference: it is kept nowhere."""

    code = "reference_looks_like_card"
    sentence = "This reference looks like a bank card number. Use one that cannot be taken for it."


def check_reference(text: str) -> str:
    """The reference as it came. Raises ReferenceNotReadable, ReferenceLooksLikeCard."""
    if _REFERENCE.fullmatch(text) is None:
        raise ReferenceNotReadable
    if looks_like_a_card_number(text):
        raise ReferenceLooksLikeCard
    return text


def channel_code_of(name: str, *, taken: Collection[str]) -> str:
    """Small letters and digits that no other channel of the company has: they stand in accounts and on receipts."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "".join(re.findall(r"[a-z0-9]+", plain))[: LONGEST_CODE - 3] or "channel"
    codes = (stem, *(f"{stem}{count}" for count in range(2, 1000)))
    return next(code for code in codes if code not in taken)
