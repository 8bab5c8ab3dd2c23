"""The keys with which a company, or the installation, signs what it issues."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bawabati.companies.models import SigningKey
from bawabati.compiled import compiled
from bawabati.sealed import seal, unseal
from bawabati.signatures import name_of_key, new_private_key, public_key_of, sign


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands beside a text that was signed."""

    key_name: str
    signature: bytes


def sign_as(*, company_id: int | None, purpose: str, text: str, now: datetime) -> Signature:
    """Signs `text` with the key in use, and makes one if there is none. Company None: the installation.

    Inside the caller's transaction; two at once end with one key.
    """
    key = _find_in_use(company_id, purpose) or _make_key(company_id, purpose, now)
    private_key = bytes.fromhex(unseal(bytes(key.private_key), purpose=f"signing_key:{key.name}"))
    return Signature(key.name, sign(text, private_key=private_key))


def retire_signing_key(*, company_id: int | None, purpose: str, now: datetime) -> None:
    """The next signature makes a new key; what the old one signed can be checked as before. Safe to repeat."""
    _in_use(company_id, purpose).update(retired_at=now)


def _find_in_use(company_id: int | None, purpose: str) -> SigningKey | None:
    if company_id is None:
        return _in_use(None, purpose).first()
    return _of_the_company_in_use.find(company_id, purpose)


@compiled
def _of_the_company_in_use(company_id: int, purpose: str) -> QuerySet[SigningKey]:
    return _in_use(company_id, purpose)


def _in_use(company_id: int | None, purpose: str) -> QuerySet[SigningKey]:
    keys = SigningKey.objects.filter(purpose=purpose, retired_at=None)
    return keys.filter(company=None) if company_id is None else keys.filter(company_id=company_id)


def _make_key(company_id: int | None, purpose: str, now: datetime) -> SigningKey:
    private_key = new_private_key()
    public_key = public_key_of(private_key)
    name = name_of_key(public_key)
    SigningKey.objects.bulk_create(
        [
            SigningKey(
                company_id=company_id,
                purpose=purpose,
                name=name,
                public_key=public_key,
                private_key=seal(private_key.hex(), purpose=f"signing_key:{name}"),
                made_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    made = _find_in_use(company_id, purpose)
    assert made is not None  # noqa: S101 - ours, or that of whoever was quicker
    return made
