"""Questions about who did what, and about its seals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bawabati.audit.models import AuditBlock, AuditEntry
from bawabati.audit.rules import Block, Entry


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
