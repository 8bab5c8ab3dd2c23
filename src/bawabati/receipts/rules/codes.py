"""What the QR code of a receipt proves to whoever has the company's public key, and needs nothing else for it.

    1 byte    the version of this layout
    7 bytes   the digest that names the key (12 letters and digits, as `signatures.name_of_key` writes it)
    6 bytes   what was handed over, in centimes
    5 bytes   the second in which it was paid, since 1970
    1 to 32   the receipt's number as printed
    64 bytes  the Ed25519 signature of `text_of`

All in base32 without padding: a QR code holds capital letters and digits in half the room of anything else.
Decision: docs/decisions/0049-signed-receipts.md
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

from bawabati.errors import CannotDo

VERSION: Final = 1
KEY_BYTES: Final = 7
AMOUNT_BYTES: Final = 6
MOMENT_BYTES: Final = 5
SIGNATURE_BYTES: Final = 64
LONGEST_NUMBER: Final = 32
_HEAD: Final = 1 + KEY_BYTES + AMOUNT_BYTES + MOMENT_BYTES
_CODE: Final = re.compile(r"(?:^|/[vV]/)([A-Za-z2-7]{134,200})/?$", re.ASCII)
_NUMBER: Final = re.compile(rb"[A-Za-z0-9_-]+")


class CodeWrong(CannotDo):
    """Nothing that a receipt of ours carries."""

    code: ClassVar[str] = "code_wrong"
    sentence: ClassVar[str] = "This is not the code of a receipt, or a part of it is missing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a code says of its receipt. `paid_at` is in UTC, to the second; `amount_centimes` with stamp duty."""

    key_name: str
    number: str
    amount_centimes: int
    paid_at: datetime


def text_of(*, company_code: str, number: str, amount_centimes: int, paid_at: datetime) -> str:
    """What is signed. The key is the company's own, and its name stands beside it.

    Rule: receipt-signature (failures.md 5.9)
    """
    moment = paid_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"BP1|{company_code}|{number}|{amount_centimes}|{moment}"


def write_code(proof: Proof, *, signature: bytes) -> str:
    """Capital letters and digits, about 170 of them."""
    packed = (
        VERSION.to_bytes(1)
        + b32decode(f"{proof.key_name.upper()}====")
        + proof.amount_centimes.to_bytes(AMOUNT_BYTES)
        + int(proof.paid_at.timestamp()).to_bytes(MOMENT_BYTES)
        + proof.number.encode("ascii")
        + signature
    )
    return b32encode(packed).decode().rstrip("=")


def code_in(typed: str) -> str:
    """The code in what a scanner or a person gives: the code alone, or the address that holds it.

    Raises:
        CodeWrong: there is none.
    """
    found = _CODE.search("".join(typed.split()))
    if found is None:
        raise CodeWrong
    return found[1].upper()


def read_code(code: str) -> tuple[Proof, bytes]:
    """What a code says, and the signature that is still to be checked.

    Raises:
        CodeWrong: no code of ours, or one that we would have written otherwise.
    """
    try:
        packed = b32decode(code + "=" * (-len(code) % 8))
    except NotBase32 as error:
        raise CodeWrong from error
    number = packed[_HEAD:-SIGNATURE_BYTES]
    if packed[:1] != VERSION.to_bytes(1) or not _NUMBER.fullmatch(number) or len(number) > LONGEST_NUMBER:
        raise CodeWrong
    amount_at, moment_at = 1 + KEY_BYTES, 1 + KEY_BYTES + AMOUNT_BYTES
    proof = Proof(
        key_name=b32encode(packed[1:amount_at]).decode().rstrip("=").lower(),
        number=number.decode(),
        amount_centimes=int.from_bytes(packed[amount_at:moment_at]),
        paid_at=_moment(int.from_bytes(packed[moment_at:_HEAD])),
    )
    if write_code(proof, signature=packed[-SIGNATURE_BYTES:]) != code:
        raise CodeWrong
    return proof, packed[-SIGNATURE_BYTES:]


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise CodeWrong from error
