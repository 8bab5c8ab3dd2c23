"""A day's reminders, planned in sets: a few statements, however many bills are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from bawabati.reminders.models import ReminderPlan, ReminderRun
from bawabati.reminders.reads import digest_key, ways_of
from bawabati.reminders.reads.due import ADDRESSES, DUE_BILLS, due_values
from bawabati.reminders.rules import Reach


def write_run(plan: ReminderPlan, *, day: date, reaches: Sequence[Reach], now: datetime) -> ReminderRun | None:
    """The reminders of that day and the messages that wait for their minute; None when they have been planned.

    Only of customers who may be written to somewhere. Safe to repeat and to race: the day is unique, and so is each
    bill's reminder of a stage. Rule: reminded-once (ours)
    """
    with connection.cursor() as cursor:
        cursor.execute(_THE_DAY, [plan.company_id, day, now])
        row = cursor.fetchone()
        if row is None:
            return None
        values = {
            **due_values(plan.company_id, reaches),
            "key": digest_key(plan),
            "ways": ways_of(plan),
            "run": row[0],
            "now": now,
        }
        cursor.execute(_REACHED, values)
        cursor.execute(_REMINDERS, values)
        bills = cursor.rowcount
        cursor.execute(_MESSAGES, values)
        messages = cursor.rowcount
        cursor.execute(
            "UPDATE reminders_reminderrun SET bill_count = %s, message_count = %s WHERE id = %s",
            [bills, messages, row[0]],
        )
    return ReminderRun.objects.get(id=row[0])


_THE_DAY = """
INSERT INTO reminders_reminderrun (company_id, day, planned_at, bill_count, message_count) VALUES (%s, %s, %s, 0, 0)
ON CONFLICT DO NOTHING RETURNING id
"""
_REACHED = f"""
CREATE TEMPORARY TABLE reached_contact ON COMMIT DROP AS {ADDRESSES}
"""
_REMINDERS = f"""
INSERT INTO reminders_reminder (company_id, run_id, customer_id, bill_id, stage)
SELECT %(company)s, %(run)s, customer_id, bill_id, stage FROM ({DUE_BILLS}) AS due
WHERE EXISTS (SELECT FROM reached_contact WHERE reached_contact.customer_id = due.customer_id)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - no value in it
_MESSAGES = """
INSERT INTO reminders_remindermessage
    (company_id, run_id, customer_id, contact_id, means, language, progress, reason, send_after, said)
SELECT %(company)s, %(run)s, customer_id, contact_id, means, language, 'waiting', '', %(now)s, '{}'
FROM reached_contact
WHERE EXISTS (
    SELECT FROM reminders_reminder AS reminder
    WHERE reminder.run_id = %(run)s AND reminder.customer_id = reached_contact.customer_id
)
ORDER BY contact_id
"""
