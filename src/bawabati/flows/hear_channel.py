"""A channel says what became of a reservation: paid, cancelled, or that it does not know yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bawabati.cases.writes import note_in_case
from bawabati.errors import CannotDo
from bawabati.flows.steps.hear_channel import (
    WITHOUT_RESERVATION,
    NoSuchReservation,
    case_of_unknown,
    follow_reservation,
)
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import ZERO, Money
from bawabati.money.display import figures
from bawabati.payments.models import Channel, Reservation
from bawabati.payments.reads.channels import find_reservation_of, list_early_words, reserved_of
from bawabati.payments.rules.channels import ReservationAlarm, Word, believed, check_reference, judge_word
from bawabati.payments.writes.channels import hold_reference, keep_early_word, lock_reservation, save_reservation


class AmountDiffers(CannotDo):
    """Another sum than was reserved. Nothing is settled; people look at it, and the right sum may still be said."""

    code = "amount_differs"
    sentence = "This is not the sum that was reserved. It is being checked; say the right sum if this was a mistake."


class AlreadyPaid(CannotDo):
    """What was told as paid stays paid. People look at it."""

    code = "already_paid"
    sentence = "This reservation is paid, and its payer was told so. People of the company look at it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a channel says: its word, and of money the sum, what it calls it, and when it took it."""

    word: Word
    amount: Money | None = None
    transaction: str = ""
    paid_at: datetime | None = None

    def evidence(self) -> dict[str, object]:
        """As it is kept for ever, without what is empty."""
        said = {
            "word": self.word.value,
            "amount_centimes": self.amount.centimes if self.amount else None,
            "transaction": self.transaction,
            "paid_at": self.paid_at.isoformat() if self.paid_at else "",
        }
        return {name: value for name, value in said.items() if value not in (None, "")}


def hear_channel(*, channel: Channel, reference: str, said: Said, now: datetime) -> Reservation:
    """Does what the word means. Safe to repeat, to race, and to hear late or out of order.

    Money is never refused into nothing: "paid" after the end is posted beside it, "paid" of nothing that we know is
    kept with a case. Rule: channel-words (behaviour.md 1, I1 I12)

    Raises:
        ReferenceNotReadable, ReferenceLooksLikeCard.
        NoSuchReservation, AmountDiffers, AlreadyPaid: each after what has to be kept was kept.
    """
    check_reference(reference)
    if said.transaction:
        check_reference(said.transaction)
    known = find_reservation_of(channel_id=channel.id, reference=reference)
    if known is None:
        known = _keep(channel, reference, said, now)
    if known is None:
        raise NoSuchReservation
    with written_together("hear_channel: heard"):
        reservation = lock_reservation(known.id)
        reserved = reserved_of(reservation)
        verdict = judge_word(reserved, said.word, amount=said.amount, now=now)
        if said.word is Word.PAID and not reserved.is_posted and said.amount == reserved.amount:
            reservation.transaction, reservation.paid_at = said.transaction, believed(said.paid_at, now=now)
            save_reservation(reservation, "transaction", "paid_at")
        follow_reservation(reservation, verdict, evidence=said.evidence(), now=now)
    if verdict.alarm is ReservationAlarm.MISMATCH:
        raise AmountDiffers
    if said.word is Word.CANCELLED and reserved.is_posted:
        raise AlreadyPaid
    return reservation


def _keep(channel: Channel, reference: str, said: Said, now: datetime) -> Reservation | None:
    """The reservation if it has come by now; None when it has not, and will find what was said.

    Rule: early-words (behaviour.md 1, I12)
    """
    with written_together("hear_channel: kept for later"):
        hold_reference(channel_id=channel.id, reference=reference)
        known = find_reservation_of(channel_id=channel.id, reference=reference)
        if known is not None:
            return known
        keep_early_word(
            channel=channel,
            reference=reference,
            word=said.word,
            amount_centimes=(said.amount or ZERO).centimes,
            transaction=said.transaction,
            paid_at=believed(said.paid_at, now=now),
            now=now,
        )
        if said.word is Word.PAID:
            _tell_the_office(channel, reference, said, now)
    return None


def _tell_the_office(channel: Channel, reference: str, said: Said, now: datetime) -> None:
    """One case for a reference, with every sum that was said of it."""
    words = [one for one in list_early_words(channel_id=channel.id, reference=reference) if one.word == Word.PAID]
    name = case_of_unknown(channel, reference)
    open_work_item(
        company_id=channel.company_id,
        kind=WITHOUT_RESERVATION,
        reference=name,
        amount=said.amount or ZERO,
        details={"channel": channel.code, "reference": reference, **said.evidence()},
        now=now,
    )
    if len(words) > 1:
        sums = ", ".join(figures(Money(one.amount_centimes), "fr") for one in words)
        note_in_case(
            company_id=channel.company_id,
            kind=WITHOUT_RESERVATION,
            reference=name,
            details={"said_otherwise": sums},
            now=now,
        )
