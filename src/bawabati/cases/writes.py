"""Opening and closing work items."""

from collections.abc import Mapping
from datetime import date, datetime

from bawabati.cases.models import Case
from bawabati.cases.rules import LONGEST_BECAUSE, CaseClosed
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


def close_case(*, company_id: int, kind: str, reference: str, because: str, now: datetime) -> bool:
    """Closes the open case about `reference`; whether there was one. Safe to repeat, and to race."""
    still_open = Case.objects.filter(company_id=company_id, kind=kind, reference=reference, state="open")
    return bool(still_open.update(state="closed", closed_at=now, closed_because=because[:LONGEST_BECAUSE]))


def close_case_of_id(*, case_id: int, because: str, now: datetime) -> None:
    """Closes a case. Raises CaseClosed when somebody has done so before."""
    still_open = Case.objects.filter(id=case_id, state="open")
    if not still_open.update(state="closed", closed_at=now, closed_because=because[:LONGEST_BECAUSE]):
        raise CaseClosed


def note_in_case(*, company_id: int, kind: str, reference: str, details: Mapping[str, object]) -> None:
    """Adds to what an open case knows. Safe to repeat."""
    for case in Case.objects.select_for_update().filter(
        company_id=company_id, kind=kind, reference=reference, state="open"
    ):
        case.details = {**case.details, **details}
        case.save(update_fields=["details"])
