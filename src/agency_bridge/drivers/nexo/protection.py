"""Message protection between till and reader: AES-256-CBC with HMAC-SHA256 under a key that both know.

Rule: message-protection (readers.md 2.A.12)
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from agency_bridge.drivers.nexo.wire import text_at

_SALT: Final = b"AdyenNexoV1Salt"
_ROUNDS: Final = 4000
_BLOCK: Final = 16
_VERSION: Final = 1


class NotGenuine(Exception):  # noqa: N818 - it says what happened
    """Wrong key, wrong sum or broken padding; which of them is not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What both sides know. `identifier` and `version` name it in messages."""

    identifier: str
    version: int
    hmac_key: bytes = field(repr=False)
    cipher_key: bytes = field(repr=False)
    iv: bytes = field(repr=False)


def derive_key(passphrase: str, *, identifier: str, version: int) -> Key:
    """Takes some milliseconds: derive once, keep the key.

    Raises:
        ValueError: the passphrase has letters outside Latin-1.
    """
    secret = hashlib.pbkdf2_hmac("sha1", passphrase.encode("latin-1"), _SALT, _ROUNDS, 80)
    return Key(identifier=identifier, version=version, hmac_key=secret[:32], cipher_key=secret[32:64], iv=secret[64:80])


def protect(plain: bytes, *, key: Key, nonce: bytes | None = None) -> tuple[str, dict[str, Any]]:
    """The blob and the trailer for `plain`, the whole message as JSON. A nonce is given only by tests."""
    nonce = nonce or os.urandom(_BLOCK)
    padder = PKCS7(_BLOCK * 8).padder()
    encryptor = _cipher(key, nonce).encryptor()
    blob = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    trailer = {
        "AdyenCryptoVersion": _VERSION,
        "KeyIdentifier": key.identifier,
        "KeyVersion": key.version,
        "Nonce": base64.b64encode(nonce).decode("ascii"),
        "Hmac": base64.b64encode(hmac.digest(key.hmac_key, plain, "sha256")).decode("ascii"),
    }
    return base64.b64encode(blob).decode("ascii"), trailer


def unprotect(message: Mapping[str, Any], *, key: Key) -> bytes:
    """The plain JSON inside a protected message (what stands under `SaleToPOIResponse`).

    Raises:
        NotGenuine: it was not made with this key.
    """
    try:
        nonce = base64.b64decode(text_at(message, "SecurityTrailer", "Nonce"), validate=True)
        expected = base64.b64decode(text_at(message, "SecurityTrailer", "Hmac"), validate=True)
        blob = base64.b64decode(text_at(message, "NexoBlob"), validate=True)
        decryptor = _cipher(key, nonce).decryptor()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        plain = unpadder.update(decryptor.update(blob) + decryptor.finalize()) + unpadder.finalize()
    except (ValueError, binascii.Error) as error:
        raise NotGenuine from error
    if not hmac.compare_digest(hmac.digest(key.hmac_key, plain, "sha256"), expected):
        raise NotGenuine
    return plain


def _cipher(key: Key, nonce: bytes) -> Cipher[modes.CBC]:
    if len(nonce) != _BLOCK:
        raise ValueError("a nonce has 16 bytes")
    mixed = bytes(one ^ other for one, other in zip(key.iv, nonce, strict=True))
    return Cipher(algorithms.AES256(key.cipher_key), modes.CBC(mixed))
