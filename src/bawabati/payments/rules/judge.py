"""The judge: what an answer of the outside means for an attempt.

The only place that decides it; every door, the sweeper and the harness use it alike. Pure: same arguments, same
verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import Money
from bawabati.payments.rules.schedule import Schedule
from bawabati.payments.rules.states import FINAL, Event, State

DINAR = "012"
"""ISO 4217 number of the Algerian dinar, as it stands on the wire."""

WILL_NOT_SAY = frozenset({"access_denied", "unexpected_status"})
"""Reasons why a gateway will not say by our number whether it knows an order: the call is not ours to make there."""

CONCLUDES_NOTHING = frozenset({"not_paid_not_refused", "contradictory", "partly_refunded", "not_acknowledged"})
"""Answers that are read well and still say neither paid nor not paid: a person has to look."""

MISMATCH_ASK_AFTER = timedelta(minutes=5)


class Alarm(StrEnum):
    """What a person has to look at. Each becomes a case."""

    MISMATCH = "mismatch"
    """The gateway speaks of another order, or says "paid" of another amount or currency than ours."""
    TAKEN_BACK = "taken_back"
    """The gateway says that it took the money and gave it back; whether the card has it again, nobody here knows."""
    ODD_ANSWER = "odd_answer"
    """The gateway says neither paid nor not paid."""
    ACCESS_DENIED = "access_denied"
    """The gateway refuses our credentials."""
    PAID_AFTER_END = "paid_after_end"
    """The gateway says "paid" of an attempt that has ended otherwise."""
    NOT_TAKEN = "not_paid_at_gateway"
    """The gateway says "not paid" of a payment that is posted."""
    REGISTERED_LATE = "registered_late"
    """The gateway opened the order when the attempt had moved on already. Nobody was sent to its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What the judge knows of an attempt. `checks_passed` counts late checks answered "not paid", in a row."""

    state: State
    order_number: str
    amount: Money
    opened_at: datetime
    page_ends_at: datetime
    register_sent_at: datetime | None = None
    asked_count: int = 0
    checks_passed: int = 0
    next_ask_at: datetime | None = None
    was_declined: bool = False
    was_reversed: bool = False
    """The gateway has said before that it took the money and gave it back."""
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
    alarm: Alarm | None = None


class Question(StrEnum):
    """What there is to ask about an attempt now."""

    NOTHING = "nothing"
    WHAT_HAPPENED = "what_happened"
    NEVER_SENT = "never_sent"
    """Nothing to ask: its registration was never sent, and it is too old to be sent now."""


def question_about(attempt: Attempt, *, now: datetime, schedule: Schedule) -> Question:
    """Nobody asks about a registration that is still under way: its own answer is the better one.

    Rule: registration-first (behaviour.md 2, "write before you send")
    """
    if attempt.state in FINAL:
        return Question.NOTHING
    if attempt.state is not State.OPENED:
        return Question.WHAT_HAPPENED
    if attempt.register_sent_at is None:
        old = now - attempt.opened_at >= timedelta(seconds=schedule.never_registered_age)
        return Question.NEVER_SENT if old else Question.NOTHING
    under_way = now < attempt.register_sent_at + timedelta(seconds=schedule.registration_lasts)
    return Question.NOTHING if under_way else Question.WHAT_HAPPENED


def question_comes_at(attempt: Attempt, *, schedule: Schedule) -> datetime:
    """From when there is something to ask about an attempt of which there is nothing to ask now."""
    if attempt.register_sent_at is None:
        return attempt.opened_at + timedelta(seconds=schedule.never_registered_age)
    return attempt.register_sent_at + timedelta(seconds=schedule.registration_lasts)


def is_ours(said: Said, attempt: Attempt) -> bool:
    """Whether an answer speaks of exactly our order: number, amount, currency. Rule: paid-only-if (behaviour.md 2)."""
    return said.order_number == attempt.order_number and said.amount == attempt.amount and said.currency == DINAR


def is_of_another_order(answer: AskAnswer, attempt: Attempt) -> bool:
    """Whether an answer names another order than ours: whatever it says, it says nothing of this one.

    Rule: paid-only-if (behaviour.md 2, "other order: not a decline, not a success")
    """
    return is_readable(answer) and answer.said.order_number not in {None, attempt.order_number}


def is_readable(answer: AskAnswer) -> bool:
    """Whether an answer says how the order stands: what it says replaces what we knew."""
    return isinstance(answer, Paid | Refused | Waiting)


def judge(
    *, attempt: Attempt, answer: AskAnswer, now: datetime, schedule: Schedule, came_back_by_fail: bool = False
) -> Verdict:
    """What `answer` means for `attempt`.

    `came_back_by_fail` says that the payer returned by the address for failures: then "nobody has paid yet" frees the
    bill at once. It is never proof of anything else.

    Rule: judge (behaviour.md 2)
    """
    if attempt.state in FINAL:
        return Verdict(event=None, next_ask_at=None, checks_passed=attempt.checks_passed)
    if is_of_another_order(answer, attempt):
        return _mismatch(attempt, now, schedule)
    if attempt.state is State.OPENED:
        return _judge_opened(attempt, answer, now, schedule)
    return _judge_order(attempt, answer, now, schedule, came_back_by_fail=came_back_by_fail)


def _judge_order(
    attempt: Attempt, answer: AskAnswer, now: datetime, schedule: Schedule, *, came_back_by_fail: bool
) -> Verdict:
    match answer:
        case Paid(said=said):
            return _judge_paid(attempt, said, now, schedule)
        case Refused(cause=cause):
            return _not_paid(attempt, cause, now, schedule)
        case Waiting():
            if came_back_by_fail or now >= attempt.page_ends_at:
                return _not_paid(attempt, Cause.PAGE_TIMED_OUT, now, schedule)
            return _ask_again(attempt, now, schedule)
        case NotDone(reason="unknown_order"):
            if now >= attempt.page_ends_at:
                return _not_paid(attempt, Cause.PAGE_TIMED_OUT, now, schedule)
            return _ask_again(attempt, now, schedule)
        case NotDone(reason=reason) | Unknown(reason=reason):
            return _no_answer(attempt, reason, now, schedule)
        case _:
            assert_never(answer)


def _judge_paid(attempt: Attempt, said: Said, now: datetime, schedule: Schedule) -> Verdict:
    if is_ours(said, attempt):
        return Verdict(event=Event.CONFIRMED, next_ask_at=None, was_declined=attempt.was_declined)
    return _mismatch(attempt, now, schedule)


def _mismatch(attempt: Attempt, now: datetime, schedule: Schedule) -> Verdict:
    """An answer that is not about what we asked changes no state, and a person is told."""
    return Verdict(
        event=_silence(attempt, now),
        next_ask_at=_not_earlier(attempt, now + MISMATCH_ASK_AFTER, schedule),
        checks_passed=attempt.checks_passed,
        was_declined=attempt.was_declined,
        not_found_at=attempt.not_found_at,
        alarm=Alarm.MISMATCH,
    )


def _not_paid(attempt: Attempt, cause: Cause, now: datetime, schedule: Schedule) -> Verdict:
    """A readable "not paid". Only the last of the late checks, each counted from the answer before, makes it final."""
    declined = attempt.was_declined or cause is not Cause.PAGE_TIMED_OUT
    alarm = Alarm.TAKEN_BACK if cause is Cause.REVERSED else None
    if attempt.state is not State.WATCHED:
        next_ask_at = _next_ask(attempt, now, schedule, state=State.WATCHED)
        return Verdict(event=_event_of(cause), next_ask_at=next_ask_at, was_declined=declined, alarm=alarm)
    if not _is_late_check(attempt, now, schedule):
        again = _ask_again(attempt, now, schedule)
        return Verdict(
            event=None,
            next_ask_at=again.next_ask_at,
            checks_passed=attempt.checks_passed,
            was_declined=declined,
            alarm=alarm,
        )
    passed = attempt.checks_passed + 1
    if passed > len(schedule.late_checks):
        final = Event.DECLINED_FOR_GOOD if declined else Event.EXPIRED
        return Verdict(event=final, next_ask_at=None, checks_passed=passed, was_declined=declined, alarm=alarm)
    wait = timedelta(seconds=schedule.late_checks[passed - 1])
    return Verdict(event=None, next_ask_at=now + wait, checks_passed=passed, was_declined=declined, alarm=alarm)


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


def _is_late_check(attempt: Attempt, now: datetime, schedule: Schedule) -> bool:
    """Asked when it was due, after the watch. A question in between (a reload) is none. Rule: late-checks (I14)"""
    is_due = attempt.next_ask_at is None or now >= attempt.next_ask_at
    return is_due and now >= schedule.watch_ends_at(attempt.page_ends_at)


def _no_answer(attempt: Attempt, reason: str, now: datetime, schedule: Schedule) -> Verdict:
    """No readable answer concludes nothing; past the page's life it only says aloud that we are in doubt."""
    again = _ask_again(attempt, now, schedule)
    return Verdict(
        event=_silence(attempt, now),
        next_ask_at=again.next_ask_at,
        checks_passed=again.checks_passed,
        was_declined=again.was_declined,
        alarm=_alarm_of(reason),
    )


def _alarm_of(reason: str) -> Alarm | None:
    if reason == "access_denied":
        return Alarm.ACCESS_DENIED
    return Alarm.ODD_ANSWER if reason in CONCLUDES_NOTHING else None


def _silence(attempt: Attempt, now: datetime) -> Event | None:
    return Event.SILENT if attempt.state is State.AT_GATEWAY and now >= attempt.page_ends_at else None


def _ask_again(attempt: Attempt, now: datetime, schedule: Schedule) -> Verdict:
    return Verdict(
        event=None,
        next_ask_at=_not_earlier(attempt, _next_ask(attempt, now, schedule), schedule),
        checks_passed=attempt.checks_passed,
        was_declined=attempt.was_declined,
    )


def _not_earlier(attempt: Attempt, next_ask_at: datetime, schedule: Schedule) -> datetime:
    """A late check keeps its time, whatever is asked or answered before it. Rule: late-checks (I14)

    The time of the question cannot say whether one is awaited: a process that stood still brings an old one.
    """
    watch_ends_at = schedule.watch_ends_at(attempt.page_ends_at)
    if attempt.state is State.WATCHED and attempt.next_ask_at is not None and attempt.next_ask_at >= watch_ends_at:
        return max(attempt.next_ask_at, next_ask_at)
    return next_ask_at


def _next_ask(attempt: Attempt, now: datetime, schedule: Schedule, *, state: State | None = None) -> datetime:
    return schedule.next_ask_at(
        state=state or attempt.state,
        page_ends_at=attempt.page_ends_at,
        asked_count=attempt.asked_count,
        now=now,
    )


def _judge_opened(attempt: Attempt, answer: AskAnswer, now: datetime, schedule: Schedule) -> Verdict:
    """The registration gave no answer: does the gateway know our number? The payer never had the page."""
    match answer:
        case Paid() | Refused() | Waiting():
            next_ask_at = _next_ask(attempt, now, schedule, state=State.WATCHED)
            return Verdict(event=Event.FOUND_LATE, next_ask_at=next_ask_at)
        case Unknown(reason="cannot_ask_by_number"):
            return _never_registered_if_old(attempt, now, schedule, not_found_at=attempt.opened_at)
        case Unknown(reason=reason) if reason in WILL_NOT_SAY:
            not_found_at, alarm = attempt.not_found_at, _alarm_of(reason)
            return _never_registered_if_old(attempt, now, schedule, not_found_at=not_found_at, alarm=alarm)
        case NotDone(reason="never_sent") if attempt.register_sent_at is None:
            return Verdict(event=Event.NEVER_SENT, next_ask_at=None)
        case NotDone(reason="unknown_order"):
            return _never_registered_if_old(attempt, now, schedule, not_found_at=attempt.not_found_at)
        case NotDone() | Unknown():
            next_ask_at = schedule.next_register_ask_at(opened_at=attempt.opened_at, now=now)
            return Verdict(event=None, next_ask_at=next_ask_at, not_found_at=attempt.not_found_at)
        case _:
            assert_never(answer)


def judge_silent_registration(*, attempt: Attempt, now: datetime, schedule: Schedule) -> Verdict:
    """What follows from a registration of which nobody knows what became: it is asked about by number.

    Whatever was answered to it, it was no question, and does not count as the first of two.
    Rule: judge (behaviour.md 2)
    """
    next_ask_at = schedule.next_register_ask_at(opened_at=attempt.opened_at, now=now)
    return Verdict(event=None, next_ask_at=next_ask_at, not_found_at=attempt.not_found_at)


def _never_registered_if_old(
    attempt: Attempt,
    now: datetime,
    schedule: Schedule,
    *,
    not_found_at: datetime | None,
    alarm: Alarm | None = None,
) -> Verdict:
    old_enough = now - attempt.opened_at >= timedelta(seconds=schedule.never_registered_age)
    twice = not_found_at is not None and now - not_found_at >= timedelta(seconds=schedule.never_registered_apart)
    if old_enough and twice:
        return Verdict(event=Event.NEVER_REGISTERED, next_ask_at=None, not_found_at=not_found_at, alarm=alarm)
    next_ask_at = schedule.next_register_ask_at(opened_at=attempt.opened_at, now=now)
    return Verdict(event=None, next_ask_at=next_ask_at, not_found_at=not_found_at or now, alarm=alarm)
