"""What a company decides about reminders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from bawabati.people.models import Staff
from bawabati.reminders.models import ReminderPlan, ReminderText
from bawabati.reminders.reads import digest_purpose
from bawabati.reminders.rules import Stage
from bawabati.sealed import seal_bytes

KEY_BYTES = 32
_LOCK = 0x72656D64  # "remd"; the company's id is the other half of the key


def lock_plan(company_id: int, *, now: datetime) -> ReminderPlan:
    """The plan, locked; made, and switched off, when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, company_id])
    plan = ReminderPlan.objects.select_for_update().filter(company_id=company_id).first()
    if plan is not None:
        return plan
    key = seal_bytes(os.urandom(KEY_BYTES), purpose=digest_purpose(company_id))
    return ReminderPlan.objects.create(company_id=company_id, digest_key=key, changed_at=now)


def change_plan(plan: ReminderPlan, *, values: Mapping[str, object], staff: Staff, now: datetime) -> dict[str, object]:
    """Writes what differs; gives it back. The locked plan."""
    changed = {name: value for name, value in values.items() if getattr(plan, name) != value}
    for name, value in changed.items():
        setattr(plan, name, value)
    if changed:
        plan.changed_at, plan.changed_by = now, staff
        plan.save()
    return changed


def write_text(
    *, company_id: int, stage: Stage, language: str, version: int, body: str, staff: Staff, now: datetime
) -> ReminderText:
    """One more version of the words. The caller holds the plan."""
    return ReminderText.objects.create(
        company_id=company_id,
        stage=stage,
        language=language,
        version=version,
        body=body,
        written_at=now,
        written_by=staff,
    )
