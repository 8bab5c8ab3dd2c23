"""Messages, events and webhooks: written when something happens, changed when they leave or fail to."""

from bawabati.notices.writes.events import NUMBERED_AT_ONCE, Happened, number_events, write_events
from bawabati.notices.writes.messages import (
    ERASED_AT_ONCE,
    call_off,
    erase_address,
    erase_addresses,
    erase_old_addresses,
    erase_phone,
    give_up,
    keep_phone,
    lease_notice,
    let_leave_again,
    lock_reminders,
    lock_undelivered_notice,
    lock_waiting_notice,
    note_not_sent,
    note_sent,
    write_notice,
)

__all__ = [
    "ERASED_AT_ONCE",
    "NUMBERED_AT_ONCE",
    "Happened",
    "call_off",
    "erase_address",
    "erase_addresses",
    "erase_old_addresses",
    "erase_phone",
    "give_up",
    "keep_phone",
    "lease_notice",
    "let_leave_again",
    "lock_reminders",
    "lock_undelivered_notice",
    "lock_waiting_notice",
    "note_not_sent",
    "note_sent",
    "number_events",
    "write_events",
    "write_notice",
]
