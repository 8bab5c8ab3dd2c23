"""JSON whose numbers are decimals: an amount never becomes a binary fraction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any


def read(body: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    """Raises ValueError or RecursionError."""
    found = json.loads(body, parse_float=_decimal, parse_constant=_no_constant)
    if b"\\ud" in body.lower():
        # Half of a surrogate pair is good JSON, but no text: it could never be sent back.
        write(found).encode()
    return found


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


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("a number too large or too small") from error


def _no_constant(name: str) -> None:
    raise ValueError(name)
