"""Ed25519: who wrote this, checked by anybody with the public key and nothing else."""

from base64 import b32encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def new_private_key() -> bytes:
    """32 bytes from the system's own randomness."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    """The 32 bytes that may be shown to everybody."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def name_of_key(public_key: bytes) -> str:
    """A short name that stands beside a signature: 12 letters and digits, the same wherever the key is known."""
    return b32encode(sha256(public_key).digest()[:7]).decode().rstrip("=").lower()


def sign(text: str, *, private_key: bytes) -> bytes:
    """64 bytes; the same text and key give the same ones."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(text.encode())


def is_signed(text: str, signature: bytes, *, public_key: bytes) -> bool:
    """Whether the holder of the key signed exactly this. Never raises on odd input."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_pem(public_key: bytes) -> str:
    """The key as PEM, which other programs read: `openssl pkeyutl -verify -pubin -inkey KEY -rawin`."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
