"""A channel's account of one of its days is brought: kept whole, once; what follows from it is done by a job."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from bawabati.adapters import registry
from bawabati.adapters.channelfiles.contract import ChannelDay, ChannelFileNotReadable
from bawabati.audit.writes import record_act
from bawabati.cases.writes import close_case
from bawabati.companies.rules import clean_number, looks_like_a_card_number
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.steps.channel_days import FILE_AGAIN, FILE_MISSING, case_of_day
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, ChannelFile
from bawabati.payments.reads.channels import find_channel_file, find_newest_file
from bawabati.payments.writes.channel_files import lock_channel, write_channel_file
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.workdays import accounting_day

MOST_BYTES = 20_000_000
MOST_LINES = 100_000
OLDEST = timedelta(days=400)


class ChannelFileTooLarge(CannotDo):
    """More than a day of any channel."""

    code = "channel_file_too_large"
    sentence = "The file was not taken: a day has at most 100,000 lines and 20 MB."


class ChannelDayNotPossible(CannotDo):
    """A day that is yet to come, or long gone."""

    code = "channel_day_not_possible"
    sentence = "The file was not taken: it speaks of a day that is yet to come, or more than a year ago."


def take_in_channel_file(
    *, channel: Channel, content: bytes, name: str, staff: Staff | None, now: datetime
) -> ChannelFile:
    """Keeps the file; the one that counts again changes nothing. `staff` None: the channel itself brings it.

    A file that a newer one has replaced may come again late, or because it is right after all: of a machine nobody can
    tell, so the newer one goes on counting and people look at it. When a person brings it, it counts again.

    Rule: channel-file-once (behaviour.md 7, "bank files: repeated")

    Raises:
        NotAllowed, ChannelFileTooLarge, ChannelDayNotPossible, and those of the reader.
    """
    if staff is not None:
        get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=channel.company_id)
    if len(content) > MOST_BYTES:
        raise ChannelFileTooLarge
    told = registry.channel_file_reader().read(content)
    _check(told, now)
    digest = sha256(content).hexdigest()
    with written_together("take_in_channel_file: kept"):
        channel = lock_channel(channel.id)
        known = find_channel_file(channel_id=channel.id, day=told.day, sha256=digest)
        newest = find_newest_file(channel_id=channel.id, day=told.day)
        if known is not None and (staff is None or known == newest):
            if known != newest:
                _tell_the_office(known, now)
            return known
        file = write_channel_file(
            channel=channel,
            day=told.day,
            sha256=digest,
            name=name.replace("\0", "") or "-",
            lines=[line._asdict() | {"payment_number": clean_number(line.payment_number)} for line in told.lines],
            brought_by=staff,
            now=now,
        )
        defer(Job.COMPARE_CHANNEL_FILE, lock=f"channel:{channel.id}", file_id=file.id)
        reference = case_of_day(channel, told.day)
        for kind in (FILE_MISSING, FILE_AGAIN):
            close_case(company_id=channel.company_id, kind=kind, reference=reference, because="brought", now=now)
        if staff is not None:
            record_act(
                staff_id=staff.id,
                company_id=channel.company_id,
                action="bring_channel_file",
                target=f"channel_file:{file.id}",
                details={"channel": channel.code, "day": told.day.isoformat(), "sha256": digest},
                now=now,
            )
    return file


def _tell_the_office(file: ChannelFile, now: datetime) -> None:
    open_work_item(
        company_id=file.company_id,
        kind=FILE_AGAIN,
        reference=case_of_day(file.channel, file.day),
        amount=Money(file.paid_centimes),
        details={"channel": file.channel.code, "day": file.day.isoformat(), "file": file.id},
        now=now,
    )


def _check(told: ChannelDay, now: datetime) -> None:
    if len(told.lines) > MOST_LINES:
        raise ChannelFileTooLarge
    today = accounting_day(now)
    if not today - OLDEST <= told.day <= today:
        raise ChannelDayNotPossible
    wrong = [
        f"{line.line} {'reference' if looks_like_a_card_number(line.reference) else 'bill'}"
        for line in told.lines
        if looks_like_a_card_number(line.reference) or looks_like_a_card_number(line.payment_number)
    ]
    if wrong:
        raise ChannelFileNotReadable(lines=", ".join(wrong[:20]))
