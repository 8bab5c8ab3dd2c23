"""The bills of a reminder as they stand now, for whoever opens its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bawabati.flows.steps.owed_now import watched_since
from bawabati.money.amount import Money
from bawabati.reminders.models import ReminderMessage
from bawabati.reminders.reads import bills_now, reminded_bills
from bawabati.reminders.rules import Owed, owed


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindedBill:
    """As much as stood in the message, and the word that is true now."""

    bill_id: int
    period: str
    due_on: date
    left: Money
    word: Owed


def see_reminded(message: ReminderMessage, *, now: datetime) -> list[RemindedBill]:
    """Oldest first, without what was taken back. Changes nothing."""
    found = bills_now(list(reminded_bills(message)), watched_since=watched_since(now))
    shown = [
        RemindedBill(bill_id=bill.id, period=bill.period, due_on=bill.due_on, left=facts.left, word=owed(facts))
        for bill, facts in sorted(found.values(), key=lambda pair: (pair[0].due_on, pair[0].id))
    ]
    return [each for each in shown if each.word is not Owed.GONE]
