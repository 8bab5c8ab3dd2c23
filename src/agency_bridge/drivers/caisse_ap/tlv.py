"""Caisse-AP's frame: two letters, three digits of length, the value; one after the other, and no end of the whole.

Rule: caisse-ap-frame (readers.md 2.B.1)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LARGEST: Final = 8 * 1024
_HEAD: Final = 5
_TAG: Final = re.compile(rb"[A-Z0-9]{2}")
_HEAD_SO_FAR: Final = re.compile(rb"[A-Z0-9]{0,2}|[A-Z0-9]{2}[0-9]{1,3}")
_PRINTABLE: Final = re.compile(rb"[\x20-\x7e]*")


class Malformed(Exception):  # noqa: N818 - it says what happened
    """These bytes are not, and cannot become, a message."""


def write(fields: Mapping[str, str]) -> bytes:
    """The fields in their order.

    Raises:
        ValueError: a field that no message can carry.
    """
    message = bytearray()
    for tag, value in fields.items():
        content = value.encode("ascii")
        if not _TAG.fullmatch(tag.encode("ascii")) or not 1 <= len(content) <= 999 or not _PRINTABLE.fullmatch(content):  # noqa: PLR2004 - three digits of length
            raise ValueError(f"{tag} cannot be written")
        message += f"{tag}{len(content):03d}".encode("ascii") + content
    return bytes(message)


class Incoming:
    """A message as it arrives, in pieces of any size."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._size = 0
        self._fields: dict[str, str] = {}

    @property
    def fields(self) -> Mapping[str, str]:
        """What is complete so far."""
        return self._fields

    @property
    def between_fields(self) -> bool:
        """Whether it could end here: nothing is begun and not finished."""
        return not self._buffer

    def feed(self, piece: bytes) -> None:
        """Takes what has arrived.

        Raises:
            Malformed: also when it is too long, or says something twice.
        """
        self._size += len(piece)
        if self._size > LARGEST:
            raise Malformed
        self._buffer += piece
        while self._take_one():
            pass

    def _take_one(self) -> bool:
        head = bytes(self._buffer[:_HEAD])
        if not _HEAD_SO_FAR.fullmatch(head):
            raise Malformed
        if len(head) < _HEAD:
            return False
        length = int(head[2:])
        if length == 0:
            raise Malformed
        if len(self._buffer) < _HEAD + length:
            return False
        value = bytes(self._buffer[_HEAD : _HEAD + length])
        tag = head[:2].decode("ascii")
        if tag in self._fields or not _PRINTABLE.fullmatch(value):
            raise Malformed
        self._fields[tag] = value.decode("ascii")
        del self._buffer[: _HEAD + length]
        return True


def read(content: bytes) -> dict[str, str]:
    """The fields of a whole message.

    Raises:
        Malformed: it is none, or not whole.
    """
    incoming = Incoming()
    incoming.feed(content)
    if not incoming.between_fields:
        raise Malformed
    return dict(incoming.fields)
