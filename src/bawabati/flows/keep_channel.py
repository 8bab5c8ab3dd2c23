"""Channels of a company: entered when a key first names one, and set by people."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.models import Channel
from bawabati.payments.reads.channels import find_channel, get_channel
from bawabati.payments.writes.channel_files import lock_channel
from bawabati.payments.writes.channels import enter_channel, save_channel
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

LONGEST_HOLD = 1440
LONGEST_NAME = 80


class HoldMinutesWrong(CannotDo):
    """A reservation that never ends would keep everybody else from paying."""

    code = "hold_minutes_wrong"
    sentence = "A reservation holds its bills for 1 to 1440 minutes."


class ChannelNameMissing(CannotDo):
    """Receipts name the channel in both languages."""

    code = "channel_name_missing"
    sentence = "Name the channel in Arabic and in French, with at most 80 characters each."


def channel_of_key(*, company_id: int, name: str, now: datetime) -> Channel:
    """The channel that a key names, made when it is first named. Safe to repeat and to race."""
    known = find_channel(company_id=company_id, name=name)
    if known is not None:
        return known
    try:
        with written_together("keep_channel: entered"):
            enter_channel(company_id=company_id, name=name, now=now)
    except IntegrityError:  # another call of the same machine was faster, or another channel took the code
        if find_channel(company_id=company_id, name=name) is None:
            raise
    return get_channel(_must(find_channel(company_id=company_id, name=name)).id)


def _must(channel: Channel | None) -> Channel:
    assert channel is not None  # noqa: S101 - it was just entered, and is never removed
    return channel


def change_channel(
    *,
    channel: Channel,
    name_ar: str,
    name_fr: str,
    hold_minutes: int,
    files_since: date | None,
    is_open: bool,
    staff: Staff,
    now: datetime,
) -> Channel:
    """What a company says of a channel; of what is reserved nothing changes.

    Raises NotAllowed, ChannelNameMissing, HoldMinutesWrong.
    """
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=channel.company_id)
    names = [name.replace("\0", "").strip() for name in (name_ar, name_fr)]
    if not all(1 <= len(name) <= LONGEST_NAME for name in names):
        raise ChannelNameMissing
    if not 1 <= hold_minutes <= LONGEST_HOLD:
        raise HoldMinutesWrong
    with written_together("keep_channel: changed"):
        channel = lock_channel(channel.id)
        channel.name_ar, channel.name_fr = names
        channel.hold_minutes, channel.files_since, channel.is_open = hold_minutes, files_since, is_open
        save_channel(channel, "name_ar", "name_fr", "hold_minutes", "files_since", "is_open")
        record_act(
            staff_id=staff.id,
            company_id=channel.company_id,
            action="change_channel",
            target=f"channel:{channel.id}",
            details={
                "hold_minutes": hold_minutes,
                "files_since": files_since.isoformat() if files_since else "",
                "is_open": is_open,
            },
            now=now,
        )
    return channel
