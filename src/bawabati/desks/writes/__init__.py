"""Changes at desks, inside a transaction that a flow opened."""

from bawabati.desks.writes.closings import write_day_closing, write_z
from bawabati.desks.writes.sessions import (
    end_session,
    lock_cashier,
    lock_day,
    lock_open_session,
    lock_session,
    open_session_row,
    write_count,
)
from bawabati.desks.writes.slips import end_block, lock_block, void_unused, write_block, write_slip

__all__ = [
    "end_block",
    "end_session",
    "lock_block",
    "lock_cashier",
    "lock_day",
    "lock_open_session",
    "lock_session",
    "open_session_row",
    "void_unused",
    "write_block",
    "write_count",
    "write_day_closing",
    "write_slip",
    "write_z",
]
