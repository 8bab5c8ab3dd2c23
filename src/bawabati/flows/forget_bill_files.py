"""Each night: what became of the lines of old files is forgotten, and what was left in the folder of uploads goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bawabati.bills.reads import list_open_stored
from bawabati.bills.writes import forget_results
from bawabati.flows.steps.received_files import folder_of_uploads
from bawabati.flows.steps.side_effects import written_together

RESULTS_KEPT: Final = timedelta(days=90)
LEFT_BEHIND_AFTER: Final = timedelta(days=1)


def forget_bill_files(*, now: datetime) -> None:
    """Safe to repeat. Batches, versions and bad lines stay for ever; a file that waits is not touched.

    Rule: results-kept (ours: who looks after three months asks what the bill says, not what a file did)
    """
    with written_together("forget_bill_files: forgotten"):
        forget_results(received_before=now - RESULTS_KEPT)
    waiting = list_open_stored()
    for file in folder_of_uploads().iterdir():
        is_old = now.timestamp() - file.stat().st_mtime > LEFT_BEHIND_AFTER.total_seconds()
        if is_old and file.name not in waiting:
            file.unlink(missing_ok=True)
