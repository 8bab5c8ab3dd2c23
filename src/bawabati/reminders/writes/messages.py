"""Messages of reminders: handed on, put off, called off; who wants none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bawabati.notices.models import Notice
from bawabati.people.models import Staff
from bawabati.reminders.models import OptOut, ReminderMessage, ReminderPlan
from bawabati.reminders.reads import digest_of
from bawabati.reminders.rules import OptedBy, Progress, Why


def lock_waiting_message(message_id: int) -> ReminderMessage | None:
    """The message, locked; None when it was handed on or called off, or somebody has it in hand."""
    waiting = ReminderMessage.objects.select_for_update(skip_locked=True, of=("self",)).select_related("run", "contact")
    return waiting.filter(id=message_id, progress=Progress.WAITING).first()


def hand_on(message: ReminderMessage, *, notice: Notice) -> None:
    """From here on the notice says how it does."""
    message.progress = Progress.WRITTEN
    message.notice = notice
    message.save(update_fields=["progress", "notice"])


def note_said(message: ReminderMessage, *, said: Mapping[str, object]) -> None:
    """What it tells, kept before it leaves. Rule: said-is-kept (behaviour.md I8)"""
    message.said = dict(said)
    message.save(update_fields=["said"])


def put_off(message: ReminderMessage, *, until: datetime) -> None:
    """It is looked at again then."""
    message.send_after = until
    message.save(update_fields=["send_after"])


def call_off_message(message: ReminderMessage, *, why: Why) -> None:
    """It is not needed, or not wanted, any more."""
    message.progress = Progress.CALLED_OFF
    message.reason = why
    message.save(update_fields=["progress", "reason"])


def note_why(message: ReminderMessage, *, why: Why) -> None:
    """Why its notice was called off in the moment of sending."""
    message.reason = why
    message.save(update_fields=["reason"])


def opt_out(plan: ReminderPlan, *, address: str, by: OptedBy, staff: Staff | None, now: datetime) -> None:
    """Nobody is written to there any more, from this moment on and for ever. Rule: opt-out-for-ever (law 18-07)"""
    OptOut.objects.create(
        company_id=plan.company_id, digest=digest_of(plan, address), opted_at=now, opted_by=by, staff=staff
    )
