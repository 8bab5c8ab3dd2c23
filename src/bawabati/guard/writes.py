"""Counting tries and spending challenges. Each is one statement.

Call these outside a transaction: a try counts whether or not what it tried succeeds, and a row that many visitors
share must not stay locked while somebody's payment is written.

When counting itself fails, the answer is the captcha, never a refusal: a broken counter must not keep anybody from
paying, nor open the door to guessing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from bawabati.guard.models import Counter, SpentChallenge
from bawabati.guard.rules import LONGEST_WINDOW_SECONDS, Scope, Subject, Tally, Verdict, tallies_of, verdict_of
from bawabati.measures import SECURITY_EVENTS

log = structlog.get_logger(__name__)

COUNT_AND_LOOK = """
WITH counted AS (
    INSERT INTO guard_counter AS counter (scope, key, window_starts_at, count)
    SELECT scope, key, window_starts_at, 1
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS wanted (scope, key, window_starts_at)
    ON CONFLICT (scope, key, window_starts_at) DO UPDATE SET count = counter.count + 1
    RETURNING key, count - 1 AS before
)
SELECT key, before FROM counted
UNION ALL
SELECT key, count FROM guard_counter
JOIN unnest(%s::text[], %s::text[], %s::timestamptz[]) AS minded (scope, key, window_starts_at)
    USING (scope, key, window_starts_at)
"""


def weigh(*, counting: Scope, minding: Iterable[Scope] = (), subject: Subject, now: datetime) -> Verdict:
    """Counts one try, and says how it is met, given the tries of `counting` and of `minding` before it.

    One statement. Two tries at the same moment may both pass the last free place of a scope that is only minded.
    Not safe to repeat: each call is a try.
    """
    if not settings.LIMITS_ON:
        return Verdict.FREE
    counted = tallies_of(counting, subject)
    minded = [tally for scope in minding for tally in tallies_of(scope, subject)]
    try:
        return _told(counting, verdict_of(_count_and_look(counted, minded, now=now)))
    except DatabaseError:
        log.exception("counting_failed", scope=counting)
        return Verdict.CAPTCHA


def look(scope: Scope, *, subject: Subject, now: datetime) -> Verdict:
    """How a try is met, given what was noted before it. Counts nothing; safe to repeat."""
    if not settings.LIMITS_ON:
        return Verdict.FREE
    try:
        return _told(scope, verdict_of(_count_and_look([], tallies_of(scope, subject), now=now)))
    except DatabaseError:
        log.exception("counting_failed", scope=scope)
        return Verdict.CAPTCHA


def note(scope: Scope, *, subject: Subject, now: datetime) -> None:
    """Counts something that later tries are weighed by, such as a miss. One statement; not safe to repeat."""
    if not settings.LIMITS_ON:
        return
    try:
        _count_and_look(tallies_of(scope, subject), [], now=now)
    except DatabaseError:
        log.exception("counting_failed", scope=scope)


def spend_challenge(digest: str, *, forget_after: datetime) -> bool:
    """Whether the challenge was still unspent. True once for each digest, whoever asks and however often at once.

    Spend outside a transaction: inside one, a rollback would give the challenge back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard_spentchallenge (digest, forget_after) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [digest, forget_after],
        )
        return bool(cursor.rowcount == 1)


def forget_old(now: datetime) -> int:
    """Deletes counters and spent challenges that no longer matter; returns how many. Safe to repeat."""
    counters, _ = Counter.objects.filter(window_starts_at__lt=now - timedelta(seconds=LONGEST_WINDOW_SECONDS)).delete()
    challenges, _ = SpentChallenge.objects.filter(forget_after__lt=now).delete()
    return counters + challenges


def _count_and_look(counted: Sequence[Tally], minded: Sequence[Tally], *, now: datetime) -> dict[Tally, int]:
    """How many tries came before this one in each tally."""
    by_key = {_key(tally): tally for tally in (*counted, *minded)}
    with _its_own_failure(), connection.cursor() as cursor:
        cursor.execute(COUNT_AND_LOOK, [*_columns(counted, now), *_columns(minded, now)])
        return {by_key[key]: before for key, before in cursor.fetchall()}


def _told(scope: Scope, verdict: Verdict) -> Verdict:
    """A limit that was hit is something to know of. Rule: security-events (failures.md 5.13)"""
    if verdict is not Verdict.FREE:
        SECURITY_EVENTS.labels(kind=f"limit_{scope.value}").inc()
        log.warning("limit_hit", scope=scope.value, verdict=verdict.value)
    return verdict


def _columns(tallies: Sequence[Tally], now: datetime) -> tuple[list[str], list[str], list[datetime]]:
    """Always in one order: two visitors who share several rows must not wait for each other crosswise."""
    rows = sorted((tally.scope.value, _key(tally), tally.window_starts_at(now)) for tally in tallies)
    return [scope for scope, _, _ in rows], [key for _, key, _ in rows], [starts_at for _, _, starts_at in rows]


def _key(tally: Tally) -> str:
    """A keyed digest: from the table nobody can learn who was here, nor try all addresses."""
    text = f"{tally.scope}|{tally.by}|{tally.seconds}|{tally.value}"
    return hmac.new(b"bawabati guard\0" + settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()


def _its_own_failure() -> AbstractContextManager[object]:
    """Keeps a failed count from breaking a transaction that a caller has open after all."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
