"""Writing down who did what, and sealing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import structlog
from django.db import connection

from bawabati.audit.models import AuditBlock, AuditEntry
from bawabati.audit.reads import find_last_block, sealed_facts, signed_facts
from bawabati.audit.rules import (
    ENTRIES_OF_A_BLOCK,
    NOTHING_BEFORE,
    Block,
    hash_of_block,
    hash_of_entry,
    root_of,
    text_of_block,
    text_of_entry,
)

TURN: Final = 4_215_110
"""The lock that every entry holds with others until it is committed: see the guards of this app."""
Sign = Callable[[str], tuple[str, bytes]]
"""Text → name of the key, signature."""

log = structlog.get_logger("security")


def record_act(
    *,
    staff_id: int,
    company_id: int | None,
    action: str,
    target: str,
    details: Mapping[str, object],
    now: datetime,
) -> None:
    """One act, in the caller's transaction: it is recorded exactly when the act itself is."""
    log.info("act", act=action, reference=target, company_id=company_id)
    request = str(structlog.contextvars.get_contextvars().get("request", ""))
    AuditEntry.objects.create(
        staff_id=staff_id,
        company_id=company_id,
        action=action,
        target=target,
        details=dict(details),
        request=request[:20],
        at=now,
    )


def take_turn_to_seal() -> bool:
    """Whether nobody else seals, and nobody is about to commit an entry, until this transaction ends. Never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        return bool(cursor.fetchone()[0])


def seal_next_block(*, sign: Sign, now: datetime) -> AuditBlock | None:
    """The oldest entries that wait, at most `ENTRIES_OF_A_BLOCK`, in a new block; None when none waits.

    Only in a transaction that has the turn to seal.
    """
    last = find_last_block()
    waiting = AuditEntry.objects.filter(id__gt=last.last_id if last else 0).order_by("id")
    entries = [sealed_facts(entry) for entry in waiting[:ENTRIES_OF_A_BLOCK]]
    if not entries:
        return None
    leaves = [hash_of_entry(text_of_entry(entry)) for entry in entries]
    block = Block(
        number=last.number + 1 if last else 1,
        previous=hash_of_block(signed_facts(last)) if last else NOTHING_BEFORE,
        root=root_of(leaves),
        first_id=entries[0].id,
        last_id=entries[-1].id,
        count=len(entries),
        sealed_at=max(now, last.sealed_at) if last else now,
    )
    key_name, signature = sign(text_of_block(block))
    return AuditBlock.objects.create(
        number=block.number,
        previous=block.previous,
        root=block.root,
        leaves=b"".join(leaves),
        first_id=block.first_id,
        last_id=block.last_id,
        count=block.count,
        sealed_at=block.sealed_at,
        hash=hash_of_block(block),
        key_name=key_name,
        signature=signature,
    )
