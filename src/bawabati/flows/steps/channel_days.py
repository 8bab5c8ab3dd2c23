"""A channel's days: what a file says otherwise than we do gets a name and an owner; in the caller's transaction."""

from datetime import date, datetime

from bawabati.cases.writes import close_case
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, ChannelDifference
from bawabati.payments.reads.channels import (
    days_of_open_differences,
    find_newest_file,
    list_file_lines,
    our_parts,
    paid_places_elsewhere,
    their_parts,
)
from bawabati.payments.rules.channels import compare_day
from bawabati.payments.writes.channel_files import end_others, open_difference

FILE_MISSING = "channel_file_missing"
"""The case of a day of which a channel has brought no file."""
FILE_AGAIN = "channel_file_again"
"""The case of a day of which a channel brings a file again that another one of its own has replaced."""
SILENT = "channel_silent"
"""The case of a channel that says nothing of what it has reserved on days of which no file is expected."""
DIFFERENCE = "channel_difference"


def case_of_channel(channel: Channel) -> str:
    """How cases name a channel."""
    return f"channel:{channel.id}"


def case_of_day(channel: Channel, day: date) -> str:
    """How cases name a channel's day."""
    return f"{case_of_channel(channel)}:{day.isoformat()}"


def case_of_difference(difference: ChannelDifference) -> str:
    """How cases name a difference."""
    return f"channel_difference:{difference.id}"


def compare_days_of(channel: Channel, day: date, *, now: datetime) -> None:
    """Names what differs on that day, and looks again at every day that its file may explain.

    Around midnight, and when people have said what became of a reservation, the file of another day tells of it. The
    channel is locked. Safe to repeat. Rule: channel-day (behaviour.md 1, I5)
    """
    file = find_newest_file(channel_id=channel.id, day=day)
    references = {part.reference for part in their_parts(list_file_lines(file.id))} if file else set()
    for each in sorted({day} | days_of_open_differences(channel_id=channel.id, references=references)):
        _compare(channel, each, now)


def _compare(channel: Channel, day: date, now: datetime) -> None:
    file = find_newest_file(channel_id=channel.id, day=day)
    if file is None:
        return
    theirs = their_parts(list_file_lines(file.id))
    ours = our_parts(channel=channel, day=day, references=frozenset(part.reference for part in theirs))
    elsewhere = paid_places_elsewhere(
        channel_id=channel.id, but=day, references=frozenset(part.reference for part in ours)
    )
    differences = compare_day(day=day, ours=ours, theirs=theirs, listed_elsewhere=elsewhere)
    for ended in end_others(channel=channel, day=day, still=differences, now=now):
        close_difference_case(ended, because="by_itself", now=now)
    for named in differences:
        opened = open_difference(channel=channel, day=day, named=named, now=now)
        if opened is not None:
            _tell(opened, channel, now)


def close_difference_case(difference: ChannelDifference, *, because: str, now: datetime) -> None:
    """Nobody has to look at it any more. Safe to repeat."""
    reference = case_of_difference(difference)
    close_case(company_id=difference.company_id, kind=DIFFERENCE, reference=reference, because=because, now=now)


def _tell(difference: ChannelDifference, channel: Channel, now: datetime) -> None:
    open_work_item(
        company_id=difference.company_id,
        kind=DIFFERENCE,
        reference=case_of_difference(difference),
        amount=Money(max(difference.ours_centimes, difference.theirs_centimes)),
        details={
            "channel": channel.code,
            "day": difference.day.isoformat(),
            "kind": difference.kind,
            "reference": difference.reference,
            "payment_number": difference.payment_number,
        },
        now=now,
    )
