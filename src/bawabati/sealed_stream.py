"""Long files that only the holder of a key can read, and in which nobody can change, cut or swap a byte unseen.

A file is a head (what it is, the key's name, a salt) and pieces of a mebibyte, each encrypted with AES-256-GCM under a
key of this file alone. A piece's nonce is its place, and whether it is the last: a file that ends too early does not
open. Decision: docs/decisions/0035-backups.md
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import BinaryIO, ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bawabati.errors import CannotDo

HEAD: Final = b"BAWABATI-SEALED-1\n"
PIECE: Final = 1 << 20
NAME_BYTES: Final = 8
SALT_BYTES: Final = 32
TAG_BYTES: Final = 16
PLACE_BYTES: Final = 11


class FileDamaged(CannotDo):
    """Cut short, changed, or not one of ours at all."""

    code: ClassVar[str] = "file_damaged"
    sentence: ClassVar[str] = "This file is damaged, cut short, or not a backup of this program."


class OtherKey(CannotDo):
    """Sealed with a key that is not among ours."""

    code: ClassVar[str] = "other_key"
    sentence: ClassVar[str] = "This file was sealed with another key (its name is %(name)s)."


def name_of(key: str) -> str:
    """A short name of a key, by which a file says which key opens it."""
    return _name(key).hex()


class SealingWriter:
    """Seals what is written into `out`. Nothing opens before `finish` has been called."""

    def __init__(self, out: BinaryIO, *, key: str) -> None:
        salt = os.urandom(SALT_BYTES)
        self._head = HEAD + _name(key) + salt
        self._cipher = AESGCM(_file_key(key, salt))
        self._out = out
        self._waiting = bytearray()
        self._place = 0
        out.write(self._head)

    def write(self, content: bytes) -> int:
        """Any length at a time."""
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(content)

    def finish(self) -> None:
        """The last piece. Call it once, after everything was written."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._place, is_last=is_last), piece, self._head))
        self._place += 1


class OpeningReader:
    """Reads what `SealingWriter` has sealed.

    Raises FileDamaged or OtherKey, at once or at the piece that is wrong: whoever acts on the content reads it to the
    end first.
    """

    def __init__(self, sealed: BinaryIO, *, keys: Sequence[str]) -> None:
        self._head = sealed.read(len(HEAD) + NAME_BYTES + SALT_BYTES)
        if len(self._head) < len(HEAD) + NAME_BYTES + SALT_BYTES or not self._head.startswith(HEAD):
            raise FileDamaged
        name, salt = self._head[len(HEAD) : len(HEAD) + NAME_BYTES], self._head[-SALT_BYTES:]
        fitting = [key for key in keys if _name(key) == name]
        if not fitting:
            raise OtherKey(name=name.hex())
        self._cipher = AESGCM(_file_key(fitting[0], salt))
        self._sealed = sealed
        self._next = sealed.read(PIECE + TAG_BYTES)
        self._place = 0
        self._open = bytearray()
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, all that is left without one; empty at the end."""
        while not self._ended and (size < 0 or len(self._open) < size):
            self._open += self._open_piece()
        taken = bytes(self._open if size < 0 else self._open[:size])
        del self._open[: len(taken)]
        return taken

    def _open_piece(self) -> bytes:
        piece, self._next = self._next, self._sealed.read(PIECE + TAG_BYTES)
        self._ended = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._place, is_last=self._ended), piece, self._head)
        except InvalidTag:
            raise FileDamaged from None
        self._place += 1
        return opened


def _name(key: str) -> bytes:
    return sha256(b"bawabati backup key name\0" + key.encode()).digest()[:NAME_BYTES]


def _file_key(key: str, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"bawabati backup").derive(key.encode())


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(PLACE_BYTES, "big") + (b"\1" if is_last else b"\0")
