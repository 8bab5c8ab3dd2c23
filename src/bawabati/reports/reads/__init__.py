<<<<<<< HEAD
"""Questions about closed days, payment files, journals and targets."""
=======
"""Questions about closed days, payment files and journals, and what the board shows."""
>>>>>>> 3528528 (Keep the figures of the board in the transaction that makes them true)

from bawabati.reports.reads.board import (
    count_payers,
    debt_as_of,
    find_launch_day,
    funnel_of,
    list_agency_figures,
    list_ages_of_debt,
    list_days,
    shares_by_campaign,
    shares_by_card,
    shares_by_hour,
    shares_by_way,
    sums_of_companies,
    totals_of,
)
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
    "count_payers",
    "debt_as_of",
    "facts_of",
    "find_closing",
    "find_copy",
    "find_last_closing",
    "find_launch_day",
    "find_payment_file",
<<<<<<< HEAD
    "find_target",
=======
    "funnel_of",
>>>>>>> 3528528 (Keep the figures of the board in the transaction that makes them true)
    "iterate_closings",
    "iterate_journal",
    "iterate_lines",
    "list_agencies_of_day",
    "list_agency_figures",
    "list_ages_of_debt",
    "list_closings_between",
    "list_days",
    "list_keys_of_closings",
    "list_late_days",
    "list_late_of",
    "list_morning_readers",
    "list_moved_days",
    "list_payment_files",
    "list_targets",
    "list_words_about_targets",
    "next_day_to_close",
<<<<<<< HEAD
    "reads_morning_page",
=======
    "shares_by_campaign",
    "shares_by_card",
    "shares_by_hour",
    "shares_by_way",
>>>>>>> 3528528 (Keep the figures of the board in the transaction that makes them true)
    "sum_of_entries",
    "sums_of_companies",
    "totals_of",
    "ways_of_day",
]
