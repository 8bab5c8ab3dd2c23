"""Questions about who did what, and about its seals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from bawabati.audit.models import AuditBlock, AuditEntry
from bawabati.audit.rules import Block, Entry
from bawabati.keyset import At, Page, page_of

ACTIONS = """
WITH RECURSIVE known AS (
    (SELECT action FROM audit_auditentry WHERE company_id = %(company)s ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (
        SELECT action FROM audit_auditentry
        WHERE company_id = %(company)s AND action > known.action ORDER BY action LIMIT 1
    )
    FROM known WHERE known.action IS NOT NULL
)
SELECT action FROM known WHERE action IS NOT NULL
"""
"""A loose scan of the index: PostgreSQL would read every entry to find a few dozen words."""


def find_last_block() -> AuditBlock | None:
    """The newest block, if there is any."""
    return AuditBlock.objects.order_by("-number").first()


def find_block_of(entry_id: int) -> AuditBlock | None:
    """The block that seals that entry; none while it waits."""
    return AuditBlock.objects.filter(last_id__gte=entry_id).order_by("last_id").first()


def iterate_blocks(*, from_number: int = 1) -> Iterator[AuditBlock]:
    """Every block from that one on, in order, in constant memory."""
    return AuditBlock.objects.filter(number__gte=from_number).order_by("number").iterator()


def list_entries_between(first_id: int, last_id: int) -> list[Entry]:
    """Entries by number, both ends included, in order: those of one block are at most some thousands."""
    entries = AuditEntry.objects.filter(id__gte=first_id, id__lte=last_id).order_by("id")
    return [sealed_facts(entry) for entry in entries]


def list_entries(
    *,
    company_id: int,
    at: At,
    login: str = "",
    action: str = "",
    target: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> Page[AuditEntry]:
    """What was done in a company, the newest first; narrowed by whatever is given. `before` is not included."""
    entries = AuditEntry.objects.filter(company_id=company_id).select_related("staff")
    for narrowed, value in (
        ({"staff__login": login}, login),
        ({"action": action}, action),
        ({"target": target}, target),
        ({"at__gte": since}, since),
        ({"at__lt": before}, before),
    ):
        if value:
            entries = entries.filter(**narrowed)
    return page_of(entries, order=["-at", "-id"], at=at)


def list_actions(company_id: int) -> list[str]:
    """Every act that the log of a company knows, by name; found by its index, one step for each."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS, {"company": company_id})
        return [action for (action,) in cursor.fetchall()]


def iterate_sealed(*, company_id: int, since: datetime, before: datetime) -> Iterator[tuple[AuditBlock, list[Entry]]]:
    """Blocks with what they seal of a company in a time, in order; a block at a time in memory.

    What waits for its seal is not there yet.
    """
    entries = AuditEntry.objects.filter(company_id=company_id, at__gte=since, at__lt=before).order_by("id").iterator()
    block: AuditBlock | None = None
    sealed: list[Entry] = []
    for entry in entries:
        if block is None or entry.id > block.last_id:
            if block is not None:
                yield block, sealed
            block, sealed = find_block_of(entry.id), []
            if block is None:
                return
        sealed.append(sealed_facts(entry))
    if block is not None:
        yield block, sealed


def oldest_unsealed_at() -> datetime | None:
    """When the oldest entry was written that no block seals; none when every entry is sealed."""
    last = find_last_block()
    waiting = AuditEntry.objects.filter(id__gt=last.last_id if last else 0)
    return waiting.order_by("id").values_list("at", flat=True).first()


def sealed_facts(entry: AuditEntry) -> Entry:
    """The part of a row that its seal covers: all of it."""
    return Entry(
        id=entry.id,
        company_id=entry.company_id,
        staff_id=entry.staff_id,
        action=entry.action,
        target=entry.target,
        details=entry.details,
        request=entry.request,
        at=entry.at,
    )


def signed_facts(block: AuditBlock) -> Block:
    """The part of a block that its signature covers."""
    return Block(
        number=block.number,
        previous=bytes(block.previous),
        root=bytes(block.root),
        first_id=block.first_id,
        last_id=block.last_id,
        count=block.count,
        sealed_at=block.sealed_at,
    )
