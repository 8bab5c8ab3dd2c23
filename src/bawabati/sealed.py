"""Secrets at rest: sealed with AES-256-GCM under a key that is not in the database."""

import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bawabati.errors import Broken

NONCE_BYTES = 12


class CannotOpen(Broken):
    """The seal is broken, made for something else, or made with a key that we no longer have."""


def seal(secret: str, *, purpose: str) -> bytes:
    """`secret`, encrypted and bound to `purpose` (e.g. `gateway_account:oran`)."""
    return seal_bytes(secret.encode(), purpose=purpose)


def unseal(sealed: bytes, *, purpose: str) -> str:
    """The secret again, with the newest key that fits. Raises CannotOpen."""
    return unseal_bytes(sealed, purpose=purpose).decode()


def seal_bytes(secret: bytes, *, purpose: str) -> bytes:
    """As `seal`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SEAL_KEYS[0])).encrypt(nonce, secret, purpose.encode())


def unseal_bytes(sealed: bytes, *, purpose: str) -> bytes:
    """As `unseal`. Raises CannotOpen."""
    nonce, body = bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:])
    for key in settings.SEAL_KEYS:
        try:
            return AESGCM(_key(key)).decrypt(nonce, body, purpose.encode())
        except InvalidTag:
            continue
    raise CannotOpen("a sealed secret cannot be opened", purpose=purpose)


def _key(text: str) -> bytes:
    return sha256(b"bawabati seal\0" + text.encode()).digest()
