"""From the bytes of an answer to its fields, believing nothing.

The gateway answers in JSON, but with `errorCode` here and `ErrorCode` there, codes as text or as numbers, and, when it
is unwell, with HTML, half a body or nothing. Whatever is not one unambiguous JSON object yields no fields at all.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bawabati.adapters.gateways.satim.line import Reply
from bawabati.money.amount import Money

UNREADABLE_CODE = "?"
_NO_CODE = 2**31
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
_LARGEST_WHOLE_NUMBER = 10**15 - 1
_CODE = re.compile(r"[A-Za-z0-9-]{1,12}")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200d\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST_TEXT = 1024
_CHARSET = re.compile(r"charset=\"?([A-Za-z0-9_-]+)", re.IGNORECASE)
# Single-byte tables that an Algerian site may still answer in; any other name is not followed.
_OLD_CHARSETS = {"iso-8859-1", "iso-8859-6", "iso-8859-15", "windows-1252", "windows-1256"}


class Unreadable(Exception):  # noqa: N818 - it never leaves this adapter, and says what the body is
    """The body is not one unambiguous JSON text."""


def decoded(reply: Reply) -> str:
    """The body as text: UTF-8, else the table it names, else UTF-8 with marks where letters were lost. Never raises.

    Codes and amounts are ASCII, so a wrong table can spoil a sentence but never a decision.
    """
    try:
        return reply.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(reply.content_type)
        charset = named[1].lower() if named else ""
        return reply.content.decode(charset if charset in _OLD_CHARSETS else "utf-8", errors="replace")


def parsed(text: str) -> object:
    """The JSON value of `text`.

    Raises:
        Unreadable: it is not JSON, says NaN or Infinity, is too deep, holds a number of thousands of digits, or says
            one field twice with different values (capitals aside), so that two readers could read two things.
    """
    try:
        # Fractions stay text: no field of ours has one, and 1e999 would become infinite.
        value: object = json.loads(
            text, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_one_value_each
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    return value


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)


def _one_value_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: dict[str, object] = {}
    for name, value in pairs:
        folded = fold(name)
        # Compared as written, because 0, False and 0.0 are equal to Python and not to a gateway.
        if folded in seen and repr(seen[folded]) != repr(value):
            raise ValueError(name)
        seen[folded] = value
    return dict(pairs)


def fold(name: str) -> str:
    """A field's name without its capitals. Only ASCII folds: no exotic letter may turn into one of ours."""
    return name.lower() if name.isascii() else name


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a JSON object, found whatever their capitals; ask for them in small letters. Nothing raises."""

    _by_name: Mapping[str, object]

    @classmethod
    def of(cls, value: object) -> Self:
        """The fields of `value`, none when it is not an object (the older wire sends `[]` for an empty object)."""
        return cls({fold(name): field for name, field in value.items()} if isinstance(value, dict) else {})

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._by_name.get(name) is not None

    def inside(self, name: str) -> Self:
        """The fields of an object within."""
        return self.of(self._by_name.get(name))

    def listed(self, name: str) -> Self:
        """A list of `{"name": ..., "value": ...}` as fields."""
        rows = self._by_name.get(name)
        named = [self.of(row) for row in rows] if isinstance(rows, list) else []
        return self.of({row.text("name"): row._by_name.get("value") for row in named})  # noqa: SLF001 - our own kind

    def text(self, name: str) -> str:
        """Text as it came; "" when there is none, when it is too long, or when it holds what nobody prints."""
        value = self._by_name.get(name)
        usable = isinstance(value, str) and len(value) <= _LONGEST_TEXT and not _NOT_PRINTED.search(value)
        return value if isinstance(value, str) and usable else ""

    def sentence(self, name: str) -> str:
        """Text for people: on one line, HTML's character references resolved, bounded; "" when there is none."""
        value = self._by_name.get(name)
        return printable(html.unescape(value)).strip()[:_LONGEST_TEXT] if isinstance(value, str) else ""

    def code(self, name: str) -> str:
        """A code, sent as text or as a number; "" when absent, `UNREADABLE_CODE` when it is there but is no code."""
        value = self._by_name.get(name)
        if value is None:
            return ""
        if _is_whole(value):
            value = str(value)
        return value if isinstance(value, str) and _CODE.fullmatch(value) else UNREADABLE_CODE

    def whole(self, name: str) -> int | None:
        """A whole number, sent as text or as a number."""
        value = self._by_name.get(name)
        if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
            return int(value)
        return value if isinstance(value, int) and _is_whole(value) else None

    def small(self, name: str) -> int | None:
        """A whole number of 32 bits, as every code of the gateway is; anything larger is no code."""
        value = self.whole(name)
        return value if value is not None and abs(value) < _NO_CODE else None

    def money(self, name: str) -> Money | None:
        """Centimes as money."""
        centimes = self.whole(name)
        return None if centimes is None or centimes < 0 else Money(centimes)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_WHOLE_NUMBER


def printable(text: str) -> str:
    """The text without control characters, direction marks and broken halves of characters, one space for each run."""
    return _NOT_PRINTED.sub(" ", text)
