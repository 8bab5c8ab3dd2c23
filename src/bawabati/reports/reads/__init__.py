"""Questions about closed days, payment files and journals."""

from bawabati.reports.reads.closings import (
    facts_of,
    find_closing,
    find_last_closing,
    iterate_closings,
    list_closings_between,
    list_keys_of_closings,
    list_late_days,
    list_late_of,
    next_day_to_close,
)
from bawabati.reports.reads.days import list_agencies_of_day, list_moved_days, sum_of_entries, ways_of_day
from bawabati.reports.reads.journals import iterate_journal
from bawabati.reports.reads.payment_files import (
    find_copy,
    find_payment_file,
    iterate_lines,
    list_payment_files,
)

__all__ = [
    "facts_of",
    "find_closing",
    "find_copy",
    "find_last_closing",
    "find_payment_file",
    "iterate_closings",
    "iterate_journal",
    "iterate_lines",
    "list_agencies_of_day",
    "list_closings_between",
    "list_keys_of_closings",
    "list_late_days",
    "list_late_of",
    "list_moved_days",
    "list_payment_files",
    "next_day_to_close",
    "sum_of_entries",
    "ways_of_day",
]
