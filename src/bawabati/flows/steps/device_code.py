"""The code that a person's device shows opens once, whichever process is asked."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bawabati.guard.writes import spend_challenge
from bawabati.people.reads import is_totp_code

REMEMBERED: Final = timedelta(minutes=5)
"""Longer than any device shows a code."""


def spend_device_code(*, staff_id: int, code: str, now: datetime) -> bool:
    """Whether it is the person's code at this time and was not used yet. True once; outside a transaction."""
    if not is_totp_code(staff_id=staff_id, code=code, now=now):
        return False
    digest = sha256(f"totp {staff_id} {code}".encode()).hexdigest()
    return spend_challenge(digest, forget_after=now + REMEMBERED)
