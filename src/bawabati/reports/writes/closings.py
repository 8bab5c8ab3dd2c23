"""Closing a day, in the transaction that has looked at it."""

from datetime import date, datetime

from django.db import connection

from bawabati.companies.writes import Signature
from bawabati.desks.rules import chained
from bawabati.people.models import Staff
from bawabati.reports.models import CompanyClosing

# Whoever posts shares both locks, by a trigger on the books: see migrations/0002_guards.py.
LOCK_COMPANY = "SELECT pg_advisory_xact_lock(hashtextextended('company_closing ' || %s::bigint, 0))"
LOCK_DAY = "SELECT pg_advisory_xact_lock(hashtextextended('company_day ' || %s::bigint || ' ' || %s::date, 0))"


def lock_closing_of(*, company_id: int, day: date) -> None:
    """Nobody else closes a day of the company, and nobody posts to this one, until the transaction ends.

    Whoever is posting to it at this moment is waited for, and seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_COMPANY, [company_id])
        cursor.execute(LOCK_DAY, [company_id, day])


def write_closing(
    *,
    company_id: int,
    day: date,
    number: int,
    facts: str,
    previous_sha256: str,
    signature: Signature,
    by: Staff,
    now: datetime,
) -> CompanyClosing:
    """The next closing of the company, whose days are locked. Rule: closing-chain (algeria.md 4)"""
    return CompanyClosing.objects.create(
        company_id=company_id,
        day=day,
        number=number,
        facts=facts,
        previous_sha256=previous_sha256,
        sha256=chained(previous_sha256=previous_sha256, facts=facts),
        key_name=signature.key_name,
        signature=signature.signature,
        closed_by=by,
        closed_at=now,
    )
