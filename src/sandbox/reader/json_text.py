"""JSON whose numbers are decimals: an amount never becomes a binary fraction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def read(body: bytes | str) -> Any:  # noqa: ANN401 - whatever was sent
    """Raises ValueError or RecursionError."""
    return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)


def write(value: object) -> str:
    """Compact. Raises TypeError for what is no JSON, floats included."""
    match value:
        case Decimal():
            return format(value, "f")
        case str() | bool() | int() | None:
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ",".join(f"{write(str(name))}:{write(each)}" for name, each in value.items()) + "}"
        case Sequence():
            return "[" + ",".join(write(each) for each in value) + "]"
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON here")


def dinars(centimes: int) -> Decimal:
    """An amount in the major unit, with two decimals."""
    return Decimal(centimes).scaleb(-2).quantize(Decimal("0.01"))


def _no_constant(name: str) -> None:
    raise ValueError(name)
