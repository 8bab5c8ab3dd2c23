"""The protection of a message's content under a passphrase that till and reader share.

Blob and seal as the secured local messages of this JSON dialect have them; the key derivation is theirs too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_SALT = b"AdyenNexoV1Salt"
_ROUNDS = 4000
_BLOCK_BITS = 128
NONCE_BYTES = 16
CRYPTO_VERSION = 1


class NotProtected(Exception):  # noqa: N818 - reads as what it is
    """The message is not what somebody with the passphrase has sent. It never says more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is derived from a passphrase."""

    hmac: bytes
    cipher: bytes
    iv: bytes


@lru_cache(maxsize=64)
def keys_of(passphrase: str) -> Keys:
    """Slow on purpose, and the same every time."""
    # The dialect asks for SHA-1 here; it is a key derivation, no signature.
    derived = hashlib.pbkdf2_hmac("sha1", passphrase.encode("latin-1"), _SALT, _ROUNDS, 80)
    return Keys(hmac=derived[:32], cipher=derived[32:64], iv=derived[64:])


def protect(content: bytes, *, keys: Keys, nonce: bytes) -> tuple[str, dict[str, Any]]:
    """The blob, and the part of the trailer that goes with it."""
    padder = padding.PKCS7(_BLOCK_BITS).padder()
    encryptor = _cipher(keys, nonce).encryptor()
    blob = encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
    seal = hmac.new(keys.hmac, content, hashlib.sha256).digest()
    return _text(blob), {
        "AdyenCryptoVersion": CRYPTO_VERSION,
        "Nonce": _text(nonce),
        "Hmac": _text(seal),
    }


def open_protected(blob: object, trailer: object, *, keys: Keys) -> bytes:
    """The content.

    Raises:
        NotProtected: in whatever way it is not right.
    """
    try:
        if not isinstance(trailer, Mapping):
            raise NotProtected
        decryptor = _cipher(keys, _bytes(trailer["Nonce"])).decryptor()
        padded = decryptor.update(_bytes(blob)) + decryptor.finalize()
        unpadder = padding.PKCS7(_BLOCK_BITS).unpadder()
        content = unpadder.update(padded) + unpadder.finalize()
        seal = hmac.new(keys.hmac, content, hashlib.sha256).digest()
        if not hmac.compare_digest(seal, _bytes(trailer["Hmac"])):
            raise NotProtected
    except (KeyError, ValueError, TypeError, binascii.Error) as error:
        raise NotProtected from error
    return content


def _cipher(keys: Keys, nonce: bytes) -> Cipher[modes.CBC]:
    if len(nonce) != NONCE_BYTES:
        raise ValueError
    iv = bytes(ours ^ theirs for ours, theirs in zip(keys.iv, nonce, strict=True))
    return Cipher(algorithms.AES(keys.cipher), modes.CBC(iv))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise TypeError
    return base64.b64decode(value, validate=True)
