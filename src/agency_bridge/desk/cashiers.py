"""Who works at the desk's page: the cashier of a session, by the code that came with the block of numbers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

_TRIES: Final = 5
_PAUSE: Final = timedelta(minutes=5)


class WrongCode(Exception):  # noqa: N818 - it says what happened
    """Not this session's code."""


class TooManyTries(Exception):  # noqa: N818 - it says what happened
    """Five wrong codes in five minutes; the right one has to wait too."""


def code_holds(code: str, told: str) -> bool:
    """Whether `code` is the one that the portal's `salt$hash` (hexadecimal) was made of."""
    try:
        salt, expected = (bytes.fromhex(part) for part in told.split("$"))
    except ValueError:
        return False
    if len(salt) < 8 or len(expected) != 32:  # noqa: PLR2004 - as the portal makes them
        return False
    made = hashlib.scrypt(_western(code).encode("utf-8"), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(made, expected)


def _western(code: str) -> str:
    """Digits of any script as 0 to 9, and no spaces."""
    digits = (str(unicodedata.decimal(mark)) if unicodedata.category(mark) == "Nd" else mark for mark in code)
    return "".join("".join(digits).split())


@dataclass(slots=True, kw_only=True)
class SignedIn:
    """A cashier at the page. `form_key` stands in each of their forms, and in nobody else's."""

    block: int
    seen_at: datetime
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)


class Cashiers:
    """Signed-in cashiers live in memory: a restart of the bridge signs everybody out."""

    def __init__(self, *, idle: timedelta, now: Callable[[], datetime]) -> None:
        self._idle = idle
        self._now = now
        self._signed_in: dict[str, SignedIn] = {}
        self._wrong: dict[int, list[datetime]] = {}

    def sign_in(self, *, block: int, code: str, told: str) -> str:
        """The secret of the cookie. Takes a noticeable moment, as it is meant to.

        Raises:
            WrongCode, TooManyTries
        """
        now = self._now()
        wrong = [moment for moment in self._wrong.get(block, []) if now - moment < _PAUSE]
        if len(wrong) >= _TRIES:
            raise TooManyTries
        if not code_holds(code, told):
            self._wrong[block] = [*wrong, now]
            raise WrongCode
        self._wrong.pop(block, None)
        secret = secrets.token_urlsafe(24)
        self._signed_in[secret] = SignedIn(block=block, seen_at=now)
        return secret

    def find(self, secret: str) -> SignedIn | None:
        """Who the cookie belongs to, unless nothing was done for too long."""
        found = self._signed_in.get(secret)
        if found is None:
            return None
        if self._now() - found.seen_at > self._idle:
            del self._signed_in[secret]
            return None
        found.seen_at = self._now()
        return found

    def sign_out(self, secret: str) -> None:
        """Safe to repeat."""
        self._signed_in.pop(secret, None)
