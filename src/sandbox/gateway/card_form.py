"""What a payer typed on the card page, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sandbox.gateway.cards import passes_luhn

_HOLDER_LENGTHS = range(2, 27)
_PAN_LENGTHS = range(13, 20)
_CVV2_LENGTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CardForm:
    """The fields as they will be shown again; the CVV2 never is."""

    pan: str = ""
    month: str = ""
    year: str = ""
    cvv2: str = field(default="", repr=False)
    holder: str = ""
    problems: tuple[str, ...] = ()
    """Keys of the sentences that say what to correct, in the order of the fields."""
    refused: bool = False
    """A card was refused on this page, and another one may be tried."""

    @property
    def expiry(self) -> str:
        """`YYYYMM`."""
        return self.year + self.month

    @classmethod
    def read(cls, values: Mapping[str, str], *, luhn: bool) -> Self:
        """Reads a form. Without JavaScript the number arrives under its visible name only.

        `luhn` tells whether the number's check digit is looked at: the older page did not do so.
        """
        pan = _digits(values.get("iPAN") or values.get("pan_visible") or "")
        month, year = _digits(values.get("month", "")), _digits(values.get("year", ""))
        cvv2 = _digits(values.get("iCVC", ""))
        holder = " ".join(values.get("iTEXT", "").split())
        plausible = passes_luhn(pan) if luhn else _is_number(pan, lengths=_PAN_LENGTHS)
        problems = (
            ("wrong_card_number", plausible),
            ("wrong_expiry_entry", _is_month(month) and _is_number(year, lengths=range(4, 5))),
            ("wrong_cvv2_entry", _is_number(cvv2, lengths=range(_CVV2_LENGTH, _CVV2_LENGTH + 1))),
            ("wrong_holder_entry", len(holder) in _HOLDER_LENGTHS and holder.isprintable()),
        )
        return cls(
            pan=pan[:23],
            month=month[:2],
            year=year[:4],
            cvv2=cvv2,
            holder=holder[:26],
            problems=tuple(key for key, fine in problems if not fine),
        )


def _digits(typed: str) -> str:
    """Digits of any script as 0 to 9, without spaces and dashes; everything else stays and will be refused."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed if sign not in "- \u00a0\u202f\t")


def _is_number(text: str, *, lengths: range) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


def _is_month(text: str) -> bool:
    return _is_number(text, lengths=range(2, 3)) and "01" <= text <= "12"
