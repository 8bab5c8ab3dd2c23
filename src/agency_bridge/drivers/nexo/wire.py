"""JSON as nexo messages carry it: numbers that keep their decimals, both ways."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


class Unreadable(Exception):  # noqa: N818 - it says what happened
    """The bytes are no JSON object."""


def write(value: object) -> str:
    """JSON text. A Decimal becomes a number with exactly its decimals, which the standard library cannot do."""
    match value:
        case Mapping():
            return "{" + ",".join(f"{json.dumps(str(key))}:{write(inside)}" for key, inside in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(write(inside) for inside in value) + "]"
        case Decimal():
            return format(value, "f")
        case str() | int() | None:  # bool is an int
            return json.dumps(value, ensure_ascii=False)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a message")


def read(content: bytes) -> Mapping[str, Any]:
    """The object in `content`, its numbers exact.

    Raises:
        Unreadable: anything else.
    """
    try:
        value = _plain(json.loads(content.decode("utf-8"), parse_float=Decimal, parse_constant=_refused))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever the outside wrote there
    """Without NUL and halves of characters, which neither the journal nor the portal can keep."""
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
        case list():
            return [_plain(inside) for inside in value]
        case dict():
            return {_plain(name): _plain(inside) for name, inside in value.items()}
        case _:
            return value


def _refused(constant: str) -> None:
    raise ValueError(constant)


def at(value: object, *path: str) -> Any:  # noqa: ANN401 - whatever the outside wrote there
    """What stands at the end of a path of names; None when the road ends before."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def text_at(value: object, *path: str) -> str:
    """The text at the end of a path; "" for none, and for what is no text."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def list_at(value: object, *path: str) -> list[Any]:
    """The list at the end of a path; a single object counts as a list of one."""
    found = at(value, *path)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, Mapping) else []
