"""The judge of reservations: what a channel says, lists in a file, or leaves unsaid. Pure.

Told twice, late or out of order, a word leads to the same world as told once: what has ended stays as it is, and money
that comes after the end is posted beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bawabati.money.amount import Money
from bawabati.payments.rules.channels.states import FINAL_RESERVATION, ReservationEvent, ReservationState

PENDING_ALARM_AFTER = timedelta(minutes=30)
"""As a payment in doubt: then a person owns the question as well."""
LOOK_AGAIN_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(days=3)
"""A reservation without a word, of days whose files nobody expects, is silent for so long before a person owns it."""
CLOCKS_DIFFER_BY = timedelta(minutes=10)
"""By so much a channel's clock may be before ours."""


class Word(StrEnum):
    """What a channel may say of a reservation."""

    PAID = "paid"
    CANCELLED = "cancelled"
    PENDING = "pending"


class ReservationAlarm(StrEnum):
    """What a person has to look at. Each becomes a case."""

    PAID_AFTER_END = "channel_paid_after_end"
    """Money of a reservation that had ended otherwise: it is posted beside it."""
    MISMATCH = "channel_mismatch"
    """The channel says "paid" of another sum than was reserved."""
    CANCELLED_AFTER_PAID = "channel_cancelled_paid"
    """The channel takes back what it had said was paid, and what we have told the payer."""
    STAYS_PENDING = "channel_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """What the judge knows of a reservation."""

    state: ReservationState
    amount: Money
    ends_at: datetime
    next_step_at: datetime | None
    is_posted: bool
    """Whether a payment posts its money, also one beside an end without money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationVerdict:
    """What a word means: an event (None: it stays), whether its money is posted beside the end, what to alarm about."""

    event: ReservationEvent | None = None
    posts_beside: bool = False
    alarm: ReservationAlarm | None = None
    next_step_at: datetime | None = None


def judge_word(reserved: Reserved, word: Word, *, amount: Money | None, now: datetime) -> ReservationVerdict:
    """What the channel's own word means. `amount`: what it says was paid; None with the other words.

    Rule: channel-words (behaviour.md 1, I1 I12)
    """
    match word:
        case Word.PAID:
            return _judge_paid(reserved, amount, event=ReservationEvent.PAID, now=now)
        case Word.CANCELLED:
            return _judge_not_paid(reserved, event=ReservationEvent.CANCELLED)
        case Word.PENDING if reserved.state in {ReservationState.RESERVED, ReservationState.RELEASED}:
            return ReservationVerdict(event=ReservationEvent.PENDING, next_step_at=now + PENDING_ALARM_AFTER)
        case Word.PENDING:
            return ReservationVerdict()


def judge_listed(reserved: Reserved, word: Word, *, amount: Money, now: datetime) -> ReservationVerdict:
    """What a daily file means that names the reservation. Of what is posted it says nothing new: that is compared.

    Rule: listed-reservations (behaviour.md 1, I1 I10)
    """
    if word is Word.PENDING or reserved.is_posted:
        return ReservationVerdict()
    if word is Word.PAID:
        return _judge_paid(reserved, amount, event=ReservationEvent.LISTED_PAID, now=now)
    return _judge_not_paid(reserved, event=ReservationEvent.LISTED_NOT_PAID)


def judge_time(reserved: Reserved, *, days_left: Collection[date], now: datetime) -> ReservationVerdict:
    """What time means: bills are let go of, a person is asked; "not paid" is never concluded from it alone.

    `days_left`: the days of the reservation, its own and the one after its end, that no daily file speaks of yet.
    Rule: reservation-silence (behaviour.md 1, I10 I14)
    """
    if reserved.next_step_at is None or now < reserved.next_step_at:
        return ReservationVerdict(next_step_at=reserved.next_step_at)
    match reserved.state:
        case ReservationState.RESERVED:
            return ReservationVerdict(event=ReservationEvent.TIME_OVER, next_step_at=now + LOOK_AGAIN_AFTER)
        case ReservationState.PENDING:
            return ReservationVerdict(alarm=ReservationAlarm.STAYS_PENDING, next_step_at=now + LOOK_AGAIN_AFTER)
        case ReservationState.RELEASED if not days_left:
            return ReservationVerdict(event=ReservationEvent.NEVER_LISTED)
        case _:
            return ReservationVerdict(next_step_at=now + LOOK_AGAIN_AFTER)


def believed(moment: datetime | None, *, now: datetime) -> datetime | None:
    """When a channel says that it took the money; None where that is yet to come: then it is when we heard of it.

    Rule: channel-moments (behaviour.md 1, I14)
    """
    return None if moment is None or moment > now + CLOCKS_DIFFER_BY else moment


def days_of(*, opened_on: date, over_on: date) -> frozenset[date]:
    """The days whose files may name a reservation: from its opening to the day after its time was over."""
    return frozenset(opened_on + timedelta(days=after) for after in range((over_on - opened_on).days + 2))


def _judge_paid(
    reserved: Reserved, amount: Money | None, *, event: ReservationEvent, now: datetime
) -> ReservationVerdict:
    """Only the very sum that was reserved settles it. Rule: channel-amount (behaviour.md 2, "paid only if")"""
    if amount != reserved.amount:
        opens = reserved.state in {ReservationState.RESERVED, ReservationState.RELEASED}
        return ReservationVerdict(
            event=ReservationEvent.DIFFERS if opens else None,
            alarm=ReservationAlarm.MISMATCH,
            next_step_at=now + PENDING_ALARM_AFTER if opens else reserved.next_step_at,
        )
    if reserved.is_posted:
        return ReservationVerdict()
    if reserved.state in FINAL_RESERVATION:
        return ReservationVerdict(posts_beside=True, alarm=ReservationAlarm.PAID_AFTER_END)
    return ReservationVerdict(event=event)


def _judge_not_paid(reserved: Reserved, *, event: ReservationEvent) -> ReservationVerdict:
    if reserved.is_posted:
        return ReservationVerdict(alarm=ReservationAlarm.CANCELLED_AFTER_PAID)
    return ReservationVerdict(event=None if reserved.state in FINAL_RESERVATION else event)
