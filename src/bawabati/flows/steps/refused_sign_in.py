"""Somebody was not let in."""

from __future__ import annotations

from datetime import datetime

import structlog

from bawabati.audit.writes import record_act
from bawabati.people.models import Staff
from bawabati.people.writes import system_account

log = structlog.get_logger(__name__)


def note_refusal(tried: Staff | None, *, reason: str, now: datetime) -> None:
    """Into the log, and for good into the audit log: under the account that was tried, else under the system's own.

    What was typed is kept nowhere: it may be a password in the wrong field. The same is written whether or not there is
    such an account, so that time tells nothing either. In the caller's transaction, after the try was counted.
    Rule: acts-are-recorded (failures.md 5.11)
    """
    log.warning("sign_in_refused", reason=reason)
    account = tried or system_account(now=now)
    record_act(
        staff_id=account.id,
        company_id=None,
        action="sign_in_refused",
        target=f"staff:{account.id}" if tried else "",
        details={"reason": reason},
        now=now,
    )
