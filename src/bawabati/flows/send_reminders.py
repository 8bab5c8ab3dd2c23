"""Messages whose minute has come are handed on, so many a minute and no more."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from bawabati.companies.reads import holidays_of
from bawabati.defer import Job, defer
from bawabati.flows.steps.reminder import NotNow, what_is_true
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.rules import Means
from bawabati.notices.writes import write_notice
from bawabati.reminders.models import ReminderPlan
from bawabati.reminders.reads import list_due_messages, timing_of
from bawabati.reminders.rules import REMINDER, Why, may_leave_at
from bawabati.reminders.writes import call_off_message, hand_on, lock_waiting_message, put_off


def send_reminders(plan: ReminderPlan, *, now: datetime) -> int:
    """Hands on what is true and wanted at this moment, and calls off what is not; how many were handed on.

    At most the plan's number: call it once a minute. Nothing at night or on days of rest. Safe to race.
    Rule: reminder-pace (ours: nobody else's messages wait behind a wave), quiet-hours
    """
    if not plan.is_on or not may_leave_at(timing_of(plan), holidays=holidays_of(plan.company_id), now=now):
        return 0
    due = list_due_messages(plan.company_id, now=now, at_most=plan.a_minute)
    return sum(_hand_on(message_id, now=now) for message_id in due)


def _hand_on(message_id: int, *, now: datetime) -> bool:
    with written_together("send_reminders: handed on"):
        message = lock_waiting_message(message_id)
        if message is None:
            return False
        if message.means == Means.SMS and not settings.SMS_URL:
            call_off_message(message, why=Why.SWITCHED_OFF)
            return False
        true = what_is_true(message, now=now)
        if isinstance(true, NotNow) or message.contact is None:
            if isinstance(true, NotNow) and true.again_at is not None:
                put_off(message, until=true.again_at)
            else:
                call_off_message(message, why=true.why if isinstance(true, NotNow) else Why.ERASED)
            return False
        notice = write_notice(
            company_id=message.company_id,
            means=Means(message.means),
            kind=REMINDER,
            reference=f"{REMINDER}:{message.id}",
            language=message.language,
            address=message.contact.address,
            now=now,
        )
        hand_on(message, notice=notice)
        defer(Job.SEND_REMINDER, notice_id=notice.id)
    return True
