"""Entries of the audit log get a seal that nobody makes again without the key: block after block, every few seconds."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.models import AuditBlock
from bawabati.audit.writes import seal_next_block, take_turn_to_seal
from bawabati.companies.writes import sign_as
from bawabati.flows.steps.side_effects import written_together

PURPOSE = "audit"


def seal_audit(*, now: datetime) -> AuditBlock | None:
    """The next block; None when nothing waits, or when an entry is just being written: the next try has it.

    Safe to repeat and to race. Rule: audit-sealed (failures.md 5.11)
    """
    with written_together("seal_audit: sealed"):
        if not take_turn_to_seal():
            return None
        return seal_next_block(sign=lambda text: _signed(text, now), now=now)


def _signed(text: str, now: datetime) -> tuple[str, bytes]:
    signed = sign_as(company_id=None, purpose=PURPOSE, text=text, now=now)
    return signed.key_name, signed.signature
