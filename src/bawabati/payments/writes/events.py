"""What happened, as a row of its own: the event, and the evidence that is kept for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from bawabati.adapters.gateways.contract import Said

EVENT = (
    "INSERT INTO payments_paymentevent (company_id, payment_id, sequence, event, from_state, to_state, evidence, at)"
)
RECORD = f"""
{EVENT} VALUES (%(company_id)s, %(id)s, %(event_count)s, %(event)s, %(from_state)s, %(state)s, %(evidence)s, %(at)s)
"""


def happened(*, event: str, from_state: str, said: Said, now: datetime) -> dict[str, Any]:
    """An event as a row of its own, beside the payment's columns."""
    return {"event": event, "from_state": from_state, "evidence": Jsonb(evidence_of(said)), "at": now}


def evidence_of(said: Said) -> Mapping[str, object]:
    """An answer as it is kept for ever: what we read of it.

    The whole of a gateway's answer stands once, sealed, beside its message; the whole of a reader's stands here.
    """
    if not said.exchanges:
        return {**said.facts(), "raw": dict(said.raw)}
    status = said.exchanges[-1].http_status
    return said.facts() if status is None else {**said.facts(), "http_status": status}
