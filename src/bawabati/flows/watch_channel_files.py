"""A day of which a channel has brought no file is noticed, and what it says nothing of: cases with owners."""

from datetime import datetime, timedelta

from bawabati.cases.reads import find_case, has_open_case
from bawabati.cases.writes import close_case
from bawabati.flows.steps.channel_days import FILE_MISSING, SILENT, case_of_channel, case_of_day
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import ZERO
from bawabati.payments.models import Channel
from bawabati.payments.reads.channels import days_with_file, silent_of_channel
from bawabati.payments.rules.channels import days_without_file
from bawabati.workdays import accounting_day

LOOKED_BACK = timedelta(days=62)


def watch_channel_files(*, channel: Channel, now: datetime) -> int:
    """Opens a case for each day without a file, once; how many new ones. Safe to repeat.

    What no file is expected to tell of has an owner too: see `_watch_silence`.
    Rule: channel-days-without-file (behaviour.md 7, "bank files: missing day")
    """
    _watch_silence(channel, now)
    if channel.files_since is None:
        return 0
    opened, today = 0, accounting_day(now)
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


def _watch_silence(channel: Channel, now: datetime) -> None:
    """One case for all reservations that a channel says nothing of, as long as there are any.

    Time alone ends none of them: the channel's word does, its file of the day, or two people.
    Rule: channel-silence (behaviour.md 1, I10)
    """
    count, since = silent_of_channel(channel_id=channel.id, now=now)
    reference = case_of_channel(channel)
    if has_open_case(company_id=channel.company_id, kind=SILENT, reference=reference) == bool(count):
        return
    with written_together("watch_channel_files: silence"):
        if since is None:
            close_case(company_id=channel.company_id, kind=SILENT, reference=reference, because="clear", now=now)
        else:
            open_work_item(
                company_id=channel.company_id,
                kind=SILENT,
                reference=reference,
                amount=ZERO,
                details={"channel": channel.code, "reservations": count, "since": accounting_day(since).isoformat()},
                now=now,
            )
