"""Opening work items."""

from collections.abc import Mapping
from datetime import date, datetime

from bawabati.cases.models import Case
from bawabati.money.amount import Money


def open_case(
    *,
    company_id: int,
    kind: str,
    reference: str,
    amount: Money,
    owner_id: int,
    promised_on: date,
    details: Mapping[str, object],
    now: datetime,
) -> Case:
    """Opens a case with an owner and a promised day. Safe to repeat: one open case for each (kind, reference)."""
    case, _ = Case.objects.get_or_create(
        company_id=company_id,
        kind=kind,
        reference=reference,
        state="open",
        defaults={
            "amount_centimes": amount.centimes,
            "owner_id": owner_id,
            "promised_on": promised_on,
            "details": dict(details),
            "opened_at": now,
        },
    )
    return case
