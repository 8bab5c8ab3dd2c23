"""What billing systems are told: written with what makes it true, and numbered once that holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from bawabati.notices.models import Event
from bawabati.notices.rules import EventKind

NUMBERED_AT_ONCE: Final = 10_000

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('events ' || %s::bigint, 0))"
_NUMBER: Final = """
WITH waiting AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM notices_event
    WHERE company_id = %(company)s AND sequence IS NULL ORDER BY id LIMIT %(most)s
)
UPDATE notices_event e SET sequence = waiting.place + greatest(%(above)s::bigint,
    (SELECT max(sequence) FROM notices_event WHERE company_id = %(company)s))
FROM waiting WHERE e.id = waiting.id
"""


class Happened(NamedTuple):
    """Something to tell: `body` as the API shows it."""

    kind: EventKind
    body: Mapping[str, object]


def write_events(*, company_id: int, happened: Sequence[Happened], now: datetime) -> None:
    """In the caller's transaction: what did not happen is never told. Rule: events-once (house.md 5)"""
    Event.objects.bulk_create(
        [Event(company_id=company_id, kind=one.kind, body=one.body, at=now) for one in happened], batch_size=5000
    )


def number_events(company_id: int, *, above: int = 0) -> int:
    """Gives every committed event its number; how many got one, `NUMBERED_AT_ONCE` at most.

    Who writes events waits for nobody: whoever reads gives the numbers, under a lock of the company, to what is
    committed by then. What commits later gets a later number. Safe to repeat, and to race. `above`: the numbers up to
    that one may have been given, and read, before a restoration took away what they told.

    Rule: events-numbered (docs/decisions/0042-the-api-of-a-company.md)
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [company_id])
        cursor.execute(_NUMBER, {"company": company_id, "most": NUMBERED_AT_ONCE, "above": above})
        return int(cursor.rowcount)
