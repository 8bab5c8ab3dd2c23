"""Notes and coins, counted by pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from django.http import HttpRequest

from bawabati.desks.rules import DENOMINATIONS, Denomination
from bawabati.errors import CannotDo
from bawabati.web.public.typed import given_back

_PIECES: Final = re.compile(r"[0-9]{1,5}", re.ASCII)


class CountNotReadable(CannotDo):
    """Something else than a number of pieces."""

    code: ClassVar[str] = "count_not_readable"
    sentence: ClassVar[str] = "Give whole numbers of notes and coins, and leave the others empty."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the count, as it is filled in."""

    denomination: Denomination
    name: str
    pieces: str


def rows_of(request: HttpRequest) -> list[Row]:
    """The lines, with what was typed before."""
    return [Row(each, _name(each), given_back(request.POST.get(_name(each), ""))) for each in DENOMINATIONS]


def counted(request: HttpRequest) -> Mapping[int, int]:
    """Centimes of each denomination → pieces. Raises CountNotReadable."""
    pieces = {each: request.POST.get(_name(each), "").strip() or "0" for each in DENOMINATIONS}
    if not all(_PIECES.fullmatch(text) for text in pieces.values()):
        raise CountNotReadable
    return {each.value.centimes: int(text) for each, text in pieces.items() if int(text)}


def _name(denomination: Denomination) -> str:
    return f"pieces_{denomination.value.centimes}"
