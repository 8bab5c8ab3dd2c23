"""What follows from a channel's daily file: what it knows of pending reservations, and what differs from our books."""

from datetime import datetime

from bawabati.flows.steps.channel_days import compare_days_of
from bawabati.flows.steps.hear_channel import follow_reservation
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.payments.models import ChannelFile, ChannelFileLine
from bawabati.payments.reads.channels import (
    find_newest_file,
    find_reservations_of,
    get_channel_file,
    list_file_lines,
    reserved_of,
    their_parts,
)
from bawabati.payments.rules.channels import ReservationState, Word, believed, judge_listed, sums_by_reference
from bawabati.payments.writes.channel_files import lock_channel, note_compared
from bawabati.payments.writes.channels import lock_reservation, save_reservation


def compare_channel_file(*, file_id: int, now: datetime) -> ChannelFile:
    """Does all of it. Safe to repeat, and to die in the middle of. A newer file of the same day takes its place.

    Rule: listed-reservations (behaviour.md 1, I1 I10)
    """
    file = get_channel_file(file_id)
    lines = list_file_lines(file.id)
    newest = find_newest_file(channel_id=file.channel_id, day=file.day)
    if newest is not None and newest.id == file.id:
        _tell_reservations(file, lines, now)
    with written_together("compare_channel_file: compared"):
        channel = lock_channel(file.channel_id)
        compare_days_of(channel, file.day, now=now)
        note_compared(file, now=now)
    return file


def _tell_reservations(file: ChannelFile, lines: list[ChannelFileLine], now: datetime) -> None:
    """Each in a transaction of its own. What is paid already is only compared."""
    sums = sums_by_reference(their_parts(lines))
    moments = {line.reference: line.happened_at for line in lines}
    known = find_reservations_of(channel_id=file.channel_id, references=list(sums))
    for reference, reservation in sorted(known.items()):
        word, centimes = sums[reference]
        if word is not None and reservation.state != ReservationState.PAID:
            _tell(reservation.id, word, Money(centimes), file=file, happened_at=moments[reference], now=now)


def _tell(
    reservation_id: int, word: Word, amount: Money, *, file: ChannelFile, happened_at: datetime, now: datetime
) -> None:
    with written_together("compare_channel_file: reservation told"):
        reservation = lock_reservation(reservation_id)
        reserved = reserved_of(reservation)
        verdict = judge_listed(reserved, word, amount=amount, now=now)
        if word is Word.PAID and amount == reserved.amount and not reserved.is_posted:
            reservation.paid_at = believed(happened_at, now=now)
            save_reservation(reservation, "paid_at")
        evidence = {"file": file.id, "day": file.day.isoformat(), "word": word.value, "centimes": amount.centimes}
        follow_reservation(reservation, verdict, evidence=evidence, now=now)
