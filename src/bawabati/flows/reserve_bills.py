"""A channel reserves bills of one customer, held as every open attempt holds them until it says what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, limits_of
from bawabati.bills.rules import SIZE_IS_WRONG, BillChanged, BillNotPayable, Standing, standing_of
from bawabati.bills.writes import lock_bills
from bawabati.cases.writes import close_case
from bawabati.companies.rules import clean_number
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import NoSuchBill
from bawabati.flows.steps.channel_look_up import find_channel_bill
from bawabati.flows.steps.hear_channel import WITHOUT_RESERVATION, case_of_unknown, follow_reservation
from bawabati.flows.steps.open_sale import NotOneCustomer
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, EarlyWord, Reservation
from bawabati.payments.reads import find_hold
from bawabati.payments.reads.channels import find_reservation_of, list_early_words, reserved_of
from bawabati.payments.rules.channels import MOST_BILLS, Word, check_reference, judge_word
from bawabati.payments.writes import LineToPay
from bawabati.payments.writes.channels import (
    MONEY_CAME_FIRST,
    hold_reference,
    note_reservation,
    open_reservation,
    save_reservation,
)


class ChannelClosed(CannotDo):
    """Switched off: no new reservations; the others end normally."""

    code = "channel_closed"
    sentence = "This channel takes no payments at the moment."


class ReferenceTaken(CannotDo):
    """A channel's reference is used once, for ever."""

    code = "reference_taken"
    sentence = "This reference belongs to another reservation. A new reservation takes a new reference."


class NoBills(CannotDo):
    """Nothing, too much, or a bill named twice."""

    code = "bills_wrong"
    sentence = "Name between 1 and %(most)s bills, each once."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A bill as the channel has shown it to its customer: what was left of it then."""

    payment_number: str
    amount: Money


def reserve_bills(
    *, channel: Channel, reference: str, wanted: Sequence[Wanted], language: str, now: datetime
) -> Reservation:
    """Reserves bills for as long as the channel is given. Safe to repeat and to race: one reference, one reservation.

    Call it outside a transaction: each miss counts for the channel.
    What the channel has said of the reference before it came to reserve counts now, in the order in which it was said.
    Money that it has taken is never refused: where its bills cannot be paid any more it becomes credit.
    Rule: reservation-holds (behaviour.md 1, I7)
    Rule: channel-references (behaviour.md 1, I12)

    Raises:
        ReferenceNotReadable, ReferenceLooksLikeCard, ReferenceTaken, ChannelClosed, NoBills, NotOneCustomer.
        NoSuchBill: unknown, wrong or withdrawn.
        BillNotPayable: with `standing`.
        BillChanged: another sum than the channel says is left of one of them.
        TooManyCalls: too many misses within the hour; nothing was looked up.
    """
    check_reference(reference)
    wanted = [Wanted(payment_number=clean_number(one.payment_number), amount=one.amount) for one in wanted]
    if not 1 <= len({one.payment_number for one in wanted}) == len(wanted) <= MOST_BILLS:
        raise NoBills(most=MOST_BILLS)
    known = find_reservation_of(channel_id=channel.id, reference=reference)
    if known is not None:
        return _the_same(known, wanted)
    if not channel.is_open and not _is_paid(list_early_words(channel_id=channel.id, reference=reference)):
        raise ChannelClosed
    bill_ids = [_find(channel, one, now).id for one in wanted]
    try:
        with written_together("reserve_bills: reserved"):
            return _reserve(
                channel=channel, reference=reference, wanted=wanted, bill_ids=bill_ids, language=language, now=now
            )
    except IntegrityError as refusal:
        if "reservation_reference_once" not in str(refusal):
            raise
        known = find_reservation_of(channel_id=channel.id, reference=reference)
        if known is None:
            raise
        return _the_same(known, wanted)


def _reserve(
    *,
    channel: Channel,
    reference: str,
    wanted: Sequence[Wanted],
    bill_ids: Sequence[int],
    language: str,
    now: datetime,
) -> Reservation:
    """In the caller's transaction."""
    bills = lock_bills(bill_ids)
    hold_reference(channel_id=channel.id, reference=reference)
    known = find_reservation_of(channel_id=channel.id, reference=reference)
    if known is not None:
        return _the_same(known, wanted)
    early = list_early_words(channel_id=channel.id, reference=reference)
    lines = _as_asked(wanted, bill_ids, bills)
    refusal = _refusal(channel, wanted, bill_ids, bills)
    if refusal is not None and not _is_paid(early):
        raise refusal
    reservation = open_reservation(
        channel=channel,
        reference=reference,
        asked=[{"payment_number": one.payment_number, "amount_centimes": one.amount.centimes} for one in wanted],
        lines=lines,
        language=language,
        ends_at=now + timedelta(minutes=channel.hold_minutes),
        holds=refusal is None,
        now=now,
    )
    if refusal is not None:
        because = {"refused": refusal.code, **refusal.details}
        note_reservation(reservation, event=MONEY_CAME_FIRST, by=None, evidence=because, now=now)
    for word in early:
        _hear_early(reservation, word, now)
    return reservation


def _find(channel: Channel, wanted: Wanted, now: datetime) -> Bill:
    bill = find_channel_bill(channel=channel, payment_number=wanted.payment_number, now=now)
    if bill is None:
        raise NoSuchBill
    return bill


def _the_same(known: Reservation, wanted: Sequence[Wanted]) -> Reservation:
    asked = {(one["payment_number"], one["amount_centimes"]) for one in known.asked}
    if asked != {(one.payment_number, one.amount.centimes) for one in wanted}:
        raise ReferenceTaken
    return known


def _is_paid(early: Sequence[EarlyWord]) -> bool:
    return any(word.word == Word.PAID for word in early)


def _as_asked(wanted: Sequence[Wanted], bill_ids: Sequence[int], bills: Mapping[int, Bill]) -> list[LineToPay]:
    """The locked bills as the channel has shown them. Raises NotOneCustomer."""
    if len({bills[bill_id].customer_id for bill_id in bill_ids}) > 1:
        raise NotOneCustomer
    return [
        LineToPay(bill_id=bill_id, bill_version=bills[bill_id].version, amount=one.amount)
        for bill_id, one in zip(bill_ids, wanted, strict=True)
    ]


def _refusal(
    channel: Channel, wanted: Sequence[Wanted], bill_ids: Sequence[int], bills: Mapping[int, Bill]
) -> CannotDo | None:
    """Why the locked bills cannot be reserved: each whole, and free. No gateway's limits hold here."""
    for bill_id, one in zip(bill_ids, wanted, strict=True):
        hold = find_hold(bill_id)
        facts = facts_of(bills[bill_id], is_held=hold is not None)
        standing = standing_of(facts, limits_of(channel.company))
        if standing is None:
            return NoSuchBill()
        if standing is not Standing.PAYABLE and standing not in SIZE_IS_WRONG:
            return BillNotPayable(standing=standing)
        if facts.left != one.amount:
            return BillChanged()
    return None


def _hear_early(reservation: Reservation, early: EarlyWord, now: datetime) -> None:
    """What came before its reservation means what it means after it. Rule: early-words (behaviour.md 1, I12)"""
    word = Word(early.word)
    amount = Money(early.amount_centimes) if word is Word.PAID else None
    reserved = reserved_of(reservation)
    if word is Word.PAID and not reserved.is_posted and amount == reserved.amount:
        reservation.transaction, reservation.paid_at = early.transaction, early.paid_at
        save_reservation(reservation, "transaction", "paid_at")
    verdict = judge_word(reserved, word, amount=amount, now=now)
    evidence = {"said_before": word.value, "amount_centimes": early.amount_centimes, "transaction": early.transaction}
    follow_reservation(reservation, verdict, evidence=evidence, now=now)
    close_case(
        company_id=reservation.company_id,
        kind=WITHOUT_RESERVATION,
        reference=case_of_unknown(reservation.channel, reservation.reference),
        because=str(reservation.state),
        now=now,
    )
