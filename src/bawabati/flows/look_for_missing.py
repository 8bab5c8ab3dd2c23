"""What should have come and has not: files, payments in them, refunds in them, credits of the bank."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bawabati.cases.reads import has_open_case
from bawabati.cases.writes import close_case
from bawabati.flows.steps.channel_days import case_of_channel
from bawabati.flows.steps.settlement_books import post_items
from bawabati.flows.steps.settlement_items import opening_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.ledger.reads import owed_from_before
from bawabati.ledger.rules import AccountRole, Side
from bawabati.payments.models import Channel
from bawabati.payments.reads.channels import list_channels
from bawabati.settlement.reads import has_statements
from bawabati.settlement.writes import hold_settlement, lay_out_items, note_missing, open_odd
from bawabati.workdays import ALGIERS

DAYS_TO_BE_SEEN: Final = 3
"""Rule: not-seen (failures.md 2.8, S3)"""
FILES_COME_BY: Final = time(10, 0)
"""In the morning after their day. Rule: missing-file (failures.md 2.8, S1)"""
CHANNEL_OWES: Final = "channel_owes"
CHANNELS_PAY_WITHIN: Final = timedelta(days=10)


def look_for_missing(*, company_id: int, now: datetime) -> None:
    """Opens an item for each, where files are received. Safe to repeat and to race: one for each thing."""
    here = now.astimezone(ALGIERS)
    today = here.date()
    files_by = today - timedelta(days=1 if here.time() >= FILES_COME_BY else 2)
    if not has_statements(company_id=company_id):
        return
    with written_together("look_for_missing: noted"):
        hold_settlement(company_id)
        opening = opening_of(company_id, now=now)
        lay_out_items()
        note_missing(
            company_id=company_id, today=today, seen_by=today - timedelta(days=DAYS_TO_BE_SEEN), files_by=files_by
        )
        post_items(company_id=company_id, moved=open_odd(opening), now=now)
    for channel in list_channels(company_id):
        _look_at_channel(channel, today=today, now=now)


def _look_at_channel(channel: Channel, *, today: date, now: datetime) -> None:
    """What a channel has taken and not handed over for long is somebody's. Rule: channel-remits (behaviour.md 1, I5)"""
    side = Side(AccountRole.CHANNELS_TO_COLLECT, channel.code)
    owed = owed_from_before(company_id=channel.company_id, side=side, day=today - CHANNELS_PAY_WITHIN)
    reference = case_of_channel(channel)
    if has_open_case(company_id=channel.company_id, kind=CHANNEL_OWES, reference=reference) == bool(owed):
        return
    with written_together("look_for_missing: channel owes"):
        if owed:
            open_work_item(
                company_id=channel.company_id,
                kind=CHANNEL_OWES,
                reference=reference,
                amount=owed,
                details={"channel": channel.code, "up_to": (today - CHANNELS_PAY_WITHIN).isoformat()},
                now=now,
            )
        else:
            close_case(
                company_id=channel.company_id, kind=CHANNEL_OWES, reference=reference, because="handed over", now=now
            )
