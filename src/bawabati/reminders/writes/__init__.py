"""Changes of reminders: what a company decides, what is planned and sent, who wants none; rounds of crews."""

from bawabati.reminders.writes.messages import (
    call_off_message,
    hand_on,
    lock_waiting_message,
    note_said,
    note_why,
    opt_out,
    put_off,
)
from bawabati.reminders.writes.planning import write_run
from bawabati.reminders.writes.plans import change_plan, lock_plan, write_text
from bawabati.reminders.writes.rounds import forget_rounds, note_taken, write_round

__all__ = [
    "call_off_message",
    "change_plan",
    "forget_rounds",
    "hand_on",
    "lock_plan",
    "lock_waiting_message",
    "note_said",
    "note_taken",
    "note_why",
    "opt_out",
    "put_off",
    "write_round",
    "write_run",
    "write_text",
]
