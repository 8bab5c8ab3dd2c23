"""Daily files of channels, and what they say otherwise than our books. Inside a transaction that a flow opened."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bawabati.payments.models import Channel, ChannelDifference, ChannelFile, ChannelFileLine
from bawabati.payments.rules.channels import Named, Word
from bawabati.people.models import Staff


def lock_channel(channel_id: int) -> Channel:
    """Nobody else brings a file or compares a day of the channel until the transaction ends."""
    return Channel.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(id=channel_id)


def write_channel_file(
    *,
    channel: Channel,
    day: date,
    sha256: str,
    name: str,
    lines: Sequence[Mapping[str, object]],
    brought_by: Staff | None,
    now: datetime,
) -> ChannelFile:
    """Keeps a file whole; the channel is locked. Not safe to repeat: the caller has looked which one counts."""
    paid = [line for line in lines if line["word"] == Word.PAID]
    file = ChannelFile.objects.create(
        company_id=channel.company_id,
        channel=channel,
        day=day,
        sha256=sha256,
        name=name[:120],
        line_count=len(lines),
        paid_count=len(paid),
        paid_centimes=sum(int(str(line["amount_centimes"])) for line in paid),
        brought_by=brought_by,
        brought_at=now,
    )
    ChannelFileLine.objects.bulk_create(
        (ChannelFileLine(company_id=channel.company_id, file=file, **line) for line in lines), batch_size=1000
    )
    return file


def note_compared(file: ChannelFile, *, now: datetime) -> None:
    """Everything that follows from the file is done. Safe to repeat."""
    file.compared_at = now
    file.save(update_fields=["compared_at"])


def lock_difference(difference_id: int) -> ChannelDifference:
    """The difference, with its channel."""
    locked = ChannelDifference.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("company", "channel").get(id=difference_id)


def open_difference(*, channel: Channel, day: date, named: Named, now: datetime) -> ChannelDifference | None:
    """The difference, new or open again; None when it is open already, or people have ended it. Safe to repeat."""
    known = ChannelDifference.objects.filter(
        channel=channel, day=day, reference=named.reference, payment_number=named.payment_number, kind=named.kind
    ).first()
    if known is None:
        return ChannelDifference.objects.create(
            company_id=channel.company_id,
            channel=channel,
            day=day,
            reference=named.reference,
            payment_number=named.payment_number,
            kind=named.kind,
            ours_centimes=named.ours_centimes,
            theirs_centimes=named.theirs_centimes,
            found_at=now,
        )
    if known.ended_as != "by_itself":
        return None
    known.ended_at, known.ended_as = None, ""
    known.ours_centimes, known.theirs_centimes = named.ours_centimes, named.theirs_centimes
    known.save(update_fields=["ended_at", "ended_as", "ours_centimes", "theirs_centimes"])
    return known


def end_difference(difference: ChannelDifference, *, how: str, by: Staff | None, now: datetime) -> None:
    """Ends an open difference; `how`: by_itself, taken_in or explained."""
    difference.ended_at, difference.ended_as, difference.ended_by = now, how, by
    difference.save(update_fields=["ended_at", "ended_as", "ended_by"])


def end_others(*, channel: Channel, day: date, still: Collection[Named], now: datetime) -> list[ChannelDifference]:
    """Ends, by themselves, the open differences of a day that are not among `still`; which."""
    names = {(one.reference, one.payment_number, one.kind) for one in still}
    ended = [
        one
        for one in ChannelDifference.objects.filter(channel=channel, day=day, ended_at=None)
        if (one.reference, one.payment_number, one.kind) not in names
    ]
    for one in ended:
        end_difference(one, how="by_itself", by=None, now=now)
    return ended


def propose_end(difference: ChannelDifference, *, how: str, because: str, by: Staff | None) -> None:
    """What one person says of an open difference; empty: nobody says anything any more."""
    difference.proposed, difference.proposed_by, difference.proposed_because = how, by, because
    difference.save(update_fields=["proposed", "proposed_by", "proposed_because"])
