"""The audit log of a company as a file that proves itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bawabati.audit.reads import iterate_sealed, signed_facts
from bawabati.audit.rules import leaves_in, line_of_block, line_of_entry, line_of_key
from bawabati.audit.writes import record_act
from bawabati.companies.reads import find_public_key
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def export_audit(*, company_id: int, since: datetime, before: datetime, staff: Staff, now: datetime) -> Iterator[str]:
    """Its lines, one after the other, in constant memory: what was done in that time and is sealed.

    That it was asked for is itself an entry, which a later file holds.

    Raises:
        NotAllowed: this person may not see the audit log of that company.
    """
    staff = get_staff_allowed(login=staff.login, action=Action.SEE_AUDIT, company_id=company_id)
    with written_together("export_audit: noted"):
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="export_audit",
            target=f"company:{company_id}",
            details={"since": since.isoformat(), "before": before.isoformat()},
            now=now,
        )
    return _lines(company_id, since, before)


def _lines(company_id: int, since: datetime, before: datetime) -> Iterator[str]:
    told: set[str] = set()
    for block, entries in iterate_sealed(company_id=company_id, since=since, before=before):
        if block.key_name not in told and (public_key := find_public_key(block.key_name)) is not None:
            told.add(block.key_name)
            yield line_of_key(public_key)
        yield line_of_block(signed_facts(block), key_name=block.key_name, signature=bytes(block.signature))
        leaves = leaves_in(bytes(block.leaves))
        for entry in entries:
            yield line_of_entry(entry, block_number=block.number, leaves=leaves)
