"""A day of which a channel has brought no file is noticed: a case with an owner."""

from datetime import datetime, timedelta

from bawabati.cases.reads import find_case
from bawabati.flows.steps.channel_days import FILE_MISSING, case_of_day
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import ZERO
from bawabati.payments.reads.channels import days_with_file, list_channels
from bawabati.payments.rules.channels import days_without_file
from bawabati.workdays import accounting_day

LOOKED_BACK = timedelta(days=62)


def watch_channel_files(*, now: datetime) -> int:
    """Opens a case for each day without a file, once; how many new ones. Safe to repeat.

    Rule: channel-days-without-file (behaviour.md 7, "bank files: missing day")
    """
    opened, today = 0, accounting_day(now)
    for channel in list_channels(None):
        if channel.files_since is None:
            continue
        since = max(channel.files_since, today - LOOKED_BACK)
        brought = days_with_file(channel_id=channel.id, since=since)
        for day in days_without_file(since=since, today=today, brought=brought):
            reference = case_of_day(channel, day)
            if find_case(company_id=channel.company_id, kind=FILE_MISSING, reference=reference) is not None:
                continue
            with written_together("watch_channel_files: missing"):
                open_work_item(
                    company_id=channel.company_id,
                    kind=FILE_MISSING,
                    reference=reference,
                    amount=ZERO,
                    details={"channel": channel.code, "day": day.isoformat()},
                    now=now,
                )
            opened += 1
    return opened
