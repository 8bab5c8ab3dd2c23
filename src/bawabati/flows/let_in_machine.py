"""A machine comes in with its key: whose it is, what it may do, and whether it comes too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, Verdict, Visitor, seconds_until_free
from bawabati.guard.writes import weigh
from bawabati.people.models import ApiKey
from bawabati.people.reads import find_key
from bawabati.people.rules import (
    ApiScope,
    ScopeMissing,
    TooManyCalls,
    UnknownKey,
    comes_from,
    digest_of,
    read_key_text,
)
from bawabati.people.writes import note_key_used
from bawabati.scope import every_company

_NOBODY: Final = digest_of("")
_SEEN_EVERY: Final = timedelta(minutes=1)


def let_in_machine(*, key_text: str, needed: ApiScope, visitor: Visitor, now: datetime) -> ApiKey:
    """The key, with its company and its account. Each call counts as one try.

    Rule: api-key (failures.md 5.2, OWASP API2)

    Raises:
        UnknownKey: unknown, wrong, ended, or from elsewhere.
        TooManyCalls: with this key, or without one from this address.
        ScopeMissing.
    """
    key = _key_of(key_text, visitor)
    if key is None:
        _count(Scope.API_STRANGER, visitor.subject(), now)
        raise UnknownKey
    _count(Scope.API_CALL, {By.KEY: str(key.id)}, now)
    if needed not in key.scopes:
        raise ScopeMissing(scope=needed.value)
    if key.used_at is None or key.used_at <= now - _SEEN_EVERY:
        with every_company("a machine says its number, and not whose it is"), written_together("let_in_machine: seen"):
            note_key_used(key.id, now=now)
    return key


def _key_of(text: str, visitor: Visitor) -> ApiKey | None:
    """The key that this text opens. It takes the same whether there is one or not."""
    number, secret = read_key_text(text) or (0, "")
    with every_company("a machine says its number, and not whose it is"):
        key = find_key(number)
    known = key.key_sha256 if key else _NOBODY
    fits = compare_digest(known, digest_of(secret)) and secret != ""
    return key if fits and key is not None and comes_from(visitor.address, key.networks) else None


def _count(scope: Scope, subject: dict[By, str], now: datetime) -> None:
    """A counter that fails keeps no machine out. Rule: limits (failures.md 5.5)"""
    if weigh(counting=scope, subject=subject, now=now) is Verdict.REFUSED:
        raise TooManyCalls(seconds=seconds_until_free(scope, now))
