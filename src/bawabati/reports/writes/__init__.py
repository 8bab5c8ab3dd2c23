"""Writing closed days, payment files, figures and targets down, in the transaction that a flow opened."""

from bawabati.reports.writes.closings import lock_closing_of, write_closing
from bawabati.reports.writes.figures import (
    count_debt,
    hold_figures,
    mend_figures,
    move_cards,
    take_in_missing_lines,
)
from bawabati.reports.writes.payment_files import lock_payment_files, write_copy, write_payment_file
from bawabati.reports.writes.targets import (
    lock_morning_pages,
    remove_morning_reader,
    write_morning_reader,
    write_target,
)

__all__ = [
    "count_debt",
    "hold_figures",
    "lock_closing_of",
    "lock_morning_pages",
    "lock_payment_files",
    "mend_figures",
    "move_cards",
    "remove_morning_reader",
    "take_in_missing_lines",
    "write_closing",
    "write_copy",
    "write_morning_reader",
    "write_payment_file",
    "write_target",
]
