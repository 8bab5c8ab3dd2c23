"""Writing closed days and payment files down, in the transaction that a flow opened."""

from bawabati.reports.writes.closings import lock_closing_of, write_closing
from bawabati.reports.writes.payment_files import lock_payment_files, write_copy, write_payment_file

__all__ = [
    "lock_closing_of",
    "lock_payment_files",
    "write_closing",
    "write_copy",
    "write_payment_file",
]
