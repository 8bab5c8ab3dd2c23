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
    """An answer as it is kept for ever: what we read of it, and the whole of it without secrets."""
    read = {
        "order_number": said.order_number,
        "reference": said.reference,
        "amount_centimes": said.amount.centimes if said.amount is not None else None,
        "currency": said.currency,
        "order_status": said.order_status,
        "error_code": said.error_code,
        "response_code": said.response_code,
        "action_code": said.action_code,
        "approval_code": said.approval_code,
        "masked_card": said.masked_card,
    }
    return {**{name: value for name, value in read.items() if value not in {None, ""}}, "raw": dict(said.raw)}
