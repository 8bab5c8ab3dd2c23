"""The life of a payment: one table of states and events, and one judge.

`EVENTS` is the only place that says which state follows which. The database's check, the diagram in the docs and the
harness are all made from it. `judge` is the only place that decides what an answer of the outside means; every door
and the sweeper use it alike.

States are participles, events are past facts. Rule: payment-states (behaviour.md 2)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Cause,
    NotDone,
    Paid,
    Refused,
    Said,
    Unknown,
    Waiting,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import Money

DINAR = "012"
"""ISO 4217 number of the Algerian dinar, as it stands on the wire."""


class State(StrEnum):
    """Where an attempt stands."""

    OPENED = "opened"
    AT_GATEWAY = "at_gateway"
    IN_DOUBT = "in_doubt"
    WATCHED = "watched"
    PAID = "paid"
    FAILED = "failed"
    DECLINED = "declined"
    EXPIRED = "expired"


class Event(StrEnum):
    """What happened to an attempt."""

    REGISTERED = "registered"
    REFUSED_BY_GATEWAY = "refused_by_gateway"
    NEVER_SENT = "never_sent"
    FOUND_LATE = "found_late"
    NEVER_REGISTERED = "never_registered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    PAGE_OVER = "page_over"
    SILENT = "silent"
    DECLINED_FOR_GOOD = "declined_for_good"
    EXPIRED = "expired"


EVENTS: dict[State, dict[Event, State]] = {
    State.OPENED: {
        Event.REGISTERED: State.AT_GATEWAY,
        Event.REFUSED_BY_GATEWAY: State.FAILED,
        Event.NEVER_SENT: State.FAILED,
        Event.FOUND_LATE: State.WATCHED,
        Event.NEVER_REGISTERED: State.FAILED,
    },
    State.AT_GATEWAY: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED: State.WATCHED,
        Event.CANCELLED: State.WATCHED,
        Event.PAGE_OVER: State.WATCHED,
        Event.SILENT: State.IN_DOUBT,
    },
    State.IN_DOUBT: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED: State.WATCHED,
        Event.CANCELLED: State.WATCHED,
        Event.PAGE_OVER: State.WATCHED,
    },
    State.WATCHED: {
        Event.CONFIRMED: State.PAID,
        Event.DECLINED_FOR_GOOD: State.DECLINED,
        Event.EXPIRED: State.EXPIRED,
    },
    State.PAID: {},
    State.FAILED: {},
    State.DECLINED: {},
    State.EXPIRED: {},
}

FINAL = frozenset(state for state, events in EVENTS.items() if not events)
HOLDING = frozenset({State.OPENED, State.AT_GATEWAY, State.IN_DOUBT})
"""States that hold their bills. `watched` does not: the gateway has said "not paid" at least once."""


class PublicWord(StrEnum):
    """What a payer is told. Every page says beside it whether money was taken and what to do next."""

    WAITING = "waiting"
    PAID = "paid"
    NOT_PAID = "not_paid"
    BEING_CHECKED = "being_checked"


PUBLIC_WORD: dict[State, PublicWord] = {
    State.OPENED: PublicWord.WAITING,
    State.AT_GATEWAY: PublicWord.WAITING,
    State.IN_DOUBT: PublicWord.BEING_CHECKED,
    State.WATCHED: PublicWord.NOT_PAID,
    State.PAID: PublicWord.PAID,
    State.FAILED: PublicWord.NOT_PAID,
    State.DECLINED: PublicWord.NOT_PAID,
    State.EXPIRED: PublicWord.NOT_PAID,
}


class EventNotAllowed(CannotDo):
    """The table has no such event in this state: somebody else was faster, or it is told twice."""

    code = "event_not_allowed"
    sentence = "This payment has already moved on."


def next_state(state: State, event: Event) -> State:
    """The state that follows. Raises EventNotAllowed."""
    try:
        return EVENTS[state][event]
    except KeyError:
        raise EventNotAllowed(state=state, event=event) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When we ask. All in seconds; the settings give the values, a demo shortens them."""

    first_asks: tuple[int, ...] = (30, 60)
    ask_every: int = 90
    grace_after_page: int = 15 * 60
    late_checks: tuple[int, ...] = (60 * 60, 6 * 60 * 60, 24 * 60 * 60)
    """After the check at page end + grace: each counted from the answer before."""
    in_doubt_asks: tuple[tuple[int, int], ...] = ((2 * 3600, 300), (24 * 3600, 1800))
    """(while younger than, ask every); older than all: hourly."""
    register_asks: tuple[int, ...] = (20, 60, 120, 300)
    never_registered_age: int = 5 * 60
    never_registered_apart: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What the judge knows of an attempt. `checks_passed` counts late checks answered "not paid", in a row."""

    state: State
    order_number: str
    amount: Money
    opened_at: datetime
    page_ends_at: datetime
    asked_count: int = 0
    checks_passed: int = 0
    next_ask_at: datetime | None = None
    was_declined: bool = False
    not_found_at: datetime | None = None
    """When the gateway first said that it does not know our order number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an answer means: an event or none, when to ask next (None: never), and what to alarm about."""

    event: Event | None
    next_ask_at: datetime | None
    checks_passed: int = 0
    was_declined: bool = False
    not_found_at: datetime | None = None
    alarm: str | None = None


def is_ours(said: Said, attempt: Attempt) -> bool:
    """Whether an answer speaks of exactly our order: number, amount, currency. Rule: paid-only-if (behaviour.md 2)."""
    return said.order_number == attempt.order_number and said.amount == attempt.amount and said.currency == DINAR


def judge(
    *, attempt: Attempt, answer: AskAnswer, now: datetime, schedule: Schedule, came_back_by_fail: bool = False
) -> Verdict:
    """What `answer` means for `attempt`. Pure: same arguments, same verdict.

    `came_back_by_fail` says that the payer returned by the address for failures: then "nobody has paid yet" frees the
    bill at once. It is never proof of anything else.

    Rule: judge (behaviour.md 2)
    """
    if attempt.state in FINAL:
        return Verdict(event=None, next_ask_at=None, checks_passed=attempt.checks_passed)
    if attempt.state is State.OPENED:
        return _judge_opened(attempt, answer, now, schedule)
    match answer:
        case Paid(said=said):
            return _judge_paid(attempt, said, now, schedule)
        case Refused(cause=cause):
            return _not_paid(attempt, _event_of(cause), now, schedule)
        case Waiting():
            if came_back_by_fail or now >= attempt.page_ends_at:
                return _not_paid(attempt, Event.PAGE_OVER, now, schedule)
            return _ask_again(attempt, now, schedule)
        case NotDone(reason="unknown_order"):
            if now >= attempt.page_ends_at:
                return _not_paid(attempt, Event.PAGE_OVER, now, schedule)
            return _ask_again(attempt, now, schedule)
        case NotDone() | Unknown():
            return _no_answer(attempt, now, schedule)
        case _:
            assert_never(answer)


def _event_of(cause: Cause) -> Event:
    match cause:
        case Cause.CANCELLED:
            return Event.CANCELLED
        case Cause.PAGE_TIMED_OUT:
            return Event.PAGE_OVER
        case Cause.DECLINED | Cause.AUTHENTICATION_FAILED | Cause.REVERSED:
            return Event.DECLINED
        case _:
            assert_never(cause)


def _judge_paid(attempt: Attempt, said: Said, now: datetime, schedule: Schedule) -> Verdict:
    if is_ours(said, attempt):
        return Verdict(event=Event.CONFIRMED, next_ask_at=None, was_declined=attempt.was_declined)
    later = _no_answer(attempt, now, schedule)
    return Verdict(
        event=later.event,
        next_ask_at=now + timedelta(minutes=5),
        checks_passed=attempt.checks_passed,
        was_declined=attempt.was_declined,
        alarm="answer_is_not_ours",
    )


def _not_paid(attempt: Attempt, event: Event, now: datetime, schedule: Schedule) -> Verdict:
    """A readable "not paid". Only the last of the late checks, each counted from the answer before, makes it final."""
    declined = attempt.was_declined or event in {Event.DECLINED, Event.CANCELLED}
    if attempt.state is not State.WATCHED:
        return Verdict(event=event, next_ask_at=_next_ask(attempt, now, schedule), was_declined=declined)
    due = attempt.next_ask_at is None or now >= attempt.next_ask_at
    checked = now >= attempt.page_ends_at + timedelta(seconds=schedule.grace_after_page) and due
    if not checked:
        next_ask_at = attempt.next_ask_at if not due else _next_ask(attempt, now, schedule)
        return Verdict(event=None, next_ask_at=next_ask_at, checks_passed=attempt.checks_passed, was_declined=declined)
    passed = attempt.checks_passed + 1
    if passed > len(schedule.late_checks):
        final = Event.DECLINED_FOR_GOOD if declined else Event.EXPIRED
        return Verdict(event=final, next_ask_at=None, checks_passed=passed, was_declined=declined)
    wait = timedelta(seconds=schedule.late_checks[passed - 1])
    return Verdict(event=None, next_ask_at=now + wait, checks_passed=passed, was_declined=declined)


def _ask_again(attempt: Attempt, now: datetime, schedule: Schedule) -> Verdict:
    return Verdict(
        event=None,
        next_ask_at=_next_ask(attempt, now, schedule),
        checks_passed=attempt.checks_passed,
        was_declined=attempt.was_declined,
    )


def _no_answer(attempt: Attempt, now: datetime, schedule: Schedule) -> Verdict:
    """No readable answer concludes nothing; past the page's life it only says aloud that we are in doubt."""
    silent = attempt.state is State.AT_GATEWAY and now >= attempt.page_ends_at
    again = _ask_again(attempt, now, schedule)
    return Verdict(
        event=Event.SILENT if silent else None,
        next_ask_at=again.next_ask_at,
        checks_passed=again.checks_passed,
        was_declined=again.was_declined,
    )


def _next_ask(attempt: Attempt, now: datetime, schedule: Schedule) -> datetime:
    """Often while somebody may be paying, or money may be waiting for our acknowledgement; then by the late checks."""
    watch_ends_at = attempt.page_ends_at + timedelta(seconds=schedule.grace_after_page)
    if attempt.state is State.IN_DOUBT or (attempt.state is State.AT_GATEWAY and now >= watch_ends_at):
        age = (now - attempt.page_ends_at).total_seconds()
        every = next((every for younger_than, every in schedule.in_doubt_asks if age < younger_than), 3600)
        return now + timedelta(seconds=every)
    asks = schedule.first_asks
    wait = asks[attempt.asked_count] if attempt.asked_count < len(asks) else schedule.ask_every
    if now < watch_ends_at:
        return min(now + timedelta(seconds=wait), watch_ends_at)
    return now + timedelta(seconds=schedule.ask_every)


def first_ask_at(*, registered_at: datetime, schedule: Schedule) -> datetime:
    """When the sweeper first asks about an order whose payer has left for the gateway."""
    return registered_at + timedelta(seconds=schedule.first_asks[0])


def first_register_ask_at(*, opened_at: datetime, schedule: Schedule) -> datetime:
    """When the sweeper first asks, by number, about an attempt whose registration gave no answer."""
    return opened_at + timedelta(seconds=schedule.register_asks[0])


def _judge_opened(attempt: Attempt, answer: AskAnswer, now: datetime, schedule: Schedule) -> Verdict:
    """The registration gave no answer: does the gateway know our number? The payer never had the page."""
    match answer:
        case Paid() | Refused() | Waiting():
            return Verdict(event=Event.FOUND_LATE, next_ask_at=_next_ask(attempt, now, schedule))
        case Unknown(reason="cannot_ask_by_number"):
            return _never_registered_if_old(attempt, now, schedule, not_found_at=attempt.opened_at)
        case NotDone(reason="unknown_order"):
            return _never_registered_if_old(attempt, now, schedule, not_found_at=attempt.not_found_at)
        case NotDone() | Unknown():
            return Verdict(
                event=None,
                next_ask_at=_next_register_ask(attempt, now, schedule),
                not_found_at=attempt.not_found_at,
            )
        case _:
            assert_never(answer)


def _never_registered_if_old(
    attempt: Attempt, now: datetime, schedule: Schedule, *, not_found_at: datetime | None
) -> Verdict:
    old_enough = now - attempt.opened_at >= timedelta(seconds=schedule.never_registered_age)
    twice = not_found_at is not None and now - not_found_at >= timedelta(seconds=schedule.never_registered_apart)
    if old_enough and twice:
        return Verdict(event=Event.NEVER_REGISTERED, next_ask_at=None, not_found_at=not_found_at)
    return Verdict(event=None, next_ask_at=_next_register_ask(attempt, now, schedule), not_found_at=not_found_at or now)


def _next_register_ask(attempt: Attempt, now: datetime, schedule: Schedule) -> datetime:
    asks = schedule.register_asks
    wait = asks[attempt.asked_count] if attempt.asked_count < len(asks) else asks[-1]
    return now + timedelta(seconds=wait)
