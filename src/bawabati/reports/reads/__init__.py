"""Questions about closed days, payment files, journals and targets."""

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
from bawabati.reports.reads.targets import (
    find_target,
    list_morning_readers,
    list_targets,
    list_words_about_targets,
    reads_morning_page,
)

__all__ = [
    "facts_of",
    "find_closing",
    "find_copy",
    "find_last_closing",
    "find_payment_file",
    "find_target",
    "iterate_closings",
    "iterate_journal",
    "iterate_lines",
    "list_agencies_of_day",
    "list_closings_between",
    "list_keys_of_closings",
    "list_late_days",
    "list_late_of",
    "list_morning_readers",
    "list_moved_days",
    "list_payment_files",
    "list_targets",
    "list_words_about_targets",
    "next_day_to_close",
    "reads_morning_page",
    "sum_of_entries",
    "ways_of_day",
]
