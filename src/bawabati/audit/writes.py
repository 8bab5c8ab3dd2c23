"""Writing down who did what."""

from collections.abc import Mapping
from datetime import datetime

from bawabati.audit.models import AuditEntry


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
    AuditEntry.objects.create(
        staff_id=staff_id, company_id=company_id, action=action, target=target, details=dict(details), at=now
    )
