"""Plans and words of reminders, what was sent, who wants none; rounds of crews."""

from bawabati.reminders.models.plan import ReminderPlan, ReminderText
from bawabati.reminders.models.round import Round, RoundCustomer
from bawabati.reminders.models.sent import OptOut, Reminder, ReminderMessage, ReminderRun

__all__ = [
    "OptOut",
    "Reminder",
    "ReminderMessage",
    "ReminderPlan",
    "ReminderRun",
    "ReminderText",
    "Round",
    "RoundCustomer",
]
