"""Somebody who works here looked at a person's data: written down like any other act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff


def note_reading(
    *,
    staff: Staff,
    company_id: int | None,
    what: str,
    target: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    """`what` was read (payment, refund, case, customer, payments_export, …); `target` names it, e.g. `payment:12`.

    `details` never holds the data itself, nor what was searched for when that is a person's. One more entry each time.
    Rule: reads-noted (algeria.md 4, law 18-07)
    """
    with written_together("note_reading: noted"):
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action=f"read_{what}",
            target=target,
            details=details or {},
            now=now,
        )
