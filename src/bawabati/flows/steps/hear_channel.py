"""What follows from a channel's word, its daily file, a person's word or time; in the caller's transaction.

Everything that follows is written at once: the reservation's step, its payment, the books, the bills, the receipt.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from bawabati.cases.writes import close_case
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.steps.settle_reservation import settle_reservation
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, Reservation
from bawabati.payments.reads.channels import find_newest_file, find_reservation
from bawabati.payments.rules.channels import (
    FINAL_RESERVATION,
    ReservationAlarm,
    ReservationEvent,
    ReservationState,
    ReservationVerdict,
)
from bawabati.payments.writes.channels import move_reservation, note_reservation, wait_until
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day


class NoSuchReservation(CannotDo):
    """Nothing was reserved under this reference. What was said of it is kept, and counts once the reservation comes."""

    code = "no_such_reservation"
    sentence = "Nothing is reserved under this reference."


WITHOUT_RESERVATION = "channel_unknown"
"""The case of a channel that says "paid" under a reference which we do not know."""
OUT_OF_DATE = (ReservationAlarm.STAYS_PENDING,)
"""What nobody has to look at any more once a reservation has ended."""


def follow_reservation(
    reservation: Reservation,
    verdict: ReservationVerdict,
    *,
    evidence: Mapping[str, object],
    now: datetime,
    by: Staff | None = None,
) -> None:
    """Moves a locked reservation as the verdict says, and does all that follows from it. Raises ReservationMovedOn."""
    if verdict.event is not None:
        move_reservation(
            reservation, event=verdict.event, by=by, evidence=evidence, next_step_at=verdict.next_step_at, now=now
        )
    elif verdict.next_step_at is not None and reservation.state not in FINAL_RESERVATION:
        wait_until(reservation, verdict.next_step_at)
    if verdict.alarm is not None:
        _alarm(reservation, verdict.alarm, evidence, now)
    is_paid = verdict.event is not None and reservation.state == ReservationState.PAID
    if is_paid or verdict.posts_beside:
        settle_reservation(reservation, evidence=evidence, now=now)
        if verdict.event is not ReservationEvent.LISTED_PAID:
            _compare_again(reservation, now)
    if reservation.state in FINAL_RESERVATION:
        for kind in OUT_OF_DATE:
            _close(reservation, kind, now)
    if is_paid:
        _close(reservation, ReservationAlarm.MISMATCH, now)


def get_reservation_or_say(reservation_id: int) -> Reservation:
    """The reservation with its company and channel. Raises NoSuchReservation."""
    reservation = find_reservation(reservation_id)
    if reservation is None:
        raise NoSuchReservation
    return reservation


def case_of_unknown(channel: Channel, reference: str) -> str:
    """How cases name what a channel calls so, and we do not know. References are longer than cases take."""
    return f"channel:{channel.id}:{sha256(reference.encode()).hexdigest()[:24]}"


def reference_of_reservation(reservation: Reservation) -> str:
    """How cases name a reservation."""
    return f"reservation:{reservation.id}"


def _compare_again(reservation: Reservation, now: datetime) -> None:
    """The file of a day that is over is asked about what was only now heard to be paid on it. Rule: channel-day"""
    day = accounting_day(reservation.paid_at or now)
    file = find_newest_file(channel_id=reservation.channel_id, day=day)
    if file is not None and day < accounting_day(now):
        defer(Job.COMPARE_CHANNEL_FILE, lock=f"channel:{reservation.channel_id}", file_id=file.id)


def _alarm(reservation: Reservation, alarm: ReservationAlarm, evidence: Mapping[str, object], now: datetime) -> None:
    """A case with an owner and a promised day; beside the reservation once, while it repeats itself."""
    if alarm is not ReservationAlarm.STAYS_PENDING:
        note_reservation(reservation, event=alarm, by=None, evidence=evidence, now=now)
    open_work_item(
        company_id=reservation.company_id,
        kind=alarm,
        reference=reference_of_reservation(reservation),
        amount=Money(reservation.amount_centimes),
        details={"channel": reservation.channel.code, "reference": reservation.reference, **evidence},
        now=now,
    )


def _close(reservation: Reservation, kind: str, now: datetime) -> None:
    close_case(
        company_id=reservation.company_id,
        kind=kind,
        reference=reference_of_reservation(reservation),
        because=str(reservation.state),
        now=now,
    )
