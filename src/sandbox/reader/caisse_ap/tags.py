"""Caisse-AP on the wire: two letters, three digits of length, the value; no end mark and no length of the whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

LARGEST_MESSAGE = 8192
LONGEST_VALUE = 999
_HEAD = 5
_TAG = re.compile(r"[A-Z][A-Z0-9]")
Fields = Mapping[str, str]


class NotCaisseAp(Exception):  # noqa: N818 - reads as what it is
    """These bytes can never become a message."""


class Incoming:
    """Reads a message as its bytes arrive, in whatever pieces."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._length = 0
        self.fields: dict[str, str] = {}

    @property
    def is_between_tags(self) -> bool:
        """Whether everything so far is whole: only whoever knows the tags knows whether more will come."""
        return not self._unread

    def feed(self, data: bytes) -> None:
        """Takes more bytes. Of a tag that comes twice the last one counts.

        Raises:
            NotCaisseAp: nothing can come of this.
        """
        self._unread += data
        self._length += len(data)
        if self._length > LARGEST_MESSAGE:
            raise NotCaisseAp("too long")
        while len(self._unread) >= _HEAD:
            tag, length = self._head(bytes(self._unread[:_HEAD]))
            if len(self._unread) < _HEAD + length:
                return
            self.fields[tag] = self._unread[_HEAD : _HEAD + length].decode("latin-1")
            del self._unread[: _HEAD + length]
        if self._unread and not (chr(self._unread[0]).isascii() and chr(self._unread[0]).isupper()):
            raise NotCaisseAp("no tag")

    def _head(self, head: bytes) -> tuple[str, int]:
        tag, length = head[:2].decode("latin-1"), head[2:].decode("latin-1")
        if not (_TAG.fullmatch(tag) and length.isascii() and length.isdigit()):
            raise NotCaisseAp("no tag")
        return tag, int(length)


def written(fields: Fields) -> bytes:
    """A message with `CZ` first, the other tags in the order given; an empty value is left out."""
    ordered = {"CZ": fields.get("CZ", ""), **fields}
    return b"".join(
        f"{tag}{len(encoded):03d}".encode("ascii") + encoded
        for tag, value in ordered.items()
        if (encoded := value.encode("latin-1", "replace")[:LONGEST_VALUE])
    )
