"""The life of a payment beside a small model that knows nothing of our code: Hypothesis looks for a difference."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    EVENTS,
    FINAL,
    HOLDING,
    PUBLIC_WORD,
    Attempt,
    Event,
    EventNotAllowed,
    Question,
    Schedule,
    State,
    Verdict,
    judge,
    next_state,
    question_about,
    question_comes_at,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SCHEDULE = Schedule()
MINE = Said(order_number="A1B2C3D4E5", amount=Money(1_430_50), currency="012")
ANOTHERS = replace(MINE, order_number="ZZZZZZZZZZ")

# Written down by hand from behaviour.md 2 and 3, so that a slip in the table is seen.
MODEL = {
    "opened": {
        "registered": "at_gateway",
        "refused_by_gateway": "failed",
        "never_sent": "failed",
        "found_late": "watched",
        "never_registered": "failed",
        "recovered": "paid",
        "received": "paid",
    },
    "at_gateway": {
        "confirmed": "paid",
        "declined": "watched",
        "cancelled": "watched",
        "page_over": "watched",
        "silent": "in_doubt",
    },
    "in_doubt": {"confirmed": "paid", "declined": "watched", "cancelled": "watched", "page_over": "watched"},
    "watched": {"confirmed": "paid", "declined_for_good": "declined", "expired": "expired"},
    "paid": {},
    "failed": {},
    "declined": {},
    "expired": {},
}
WORDS = {
    "opened": "waiting",
    "at_gateway": "waiting",
    "in_doubt": "being_checked",
    "watched": "not_paid",
    "paid": "paid",
    "failed": "not_paid",
    "declined": "not_paid",
    "expired": "not_paid",
}
LATE_WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))

readable = st.one_of(
    st.just(Paid(said=MINE)),
    st.just(Waiting(said=MINE)),
    st.sampled_from([Refused(cause=cause, said=said) for cause in Cause for said in (MINE, Said())]),
    st.just(NotDone(reason="unknown_order")),
)
unreadable = st.one_of(
    st.sampled_from(
        [
            Unknown(reason=reason)
            for reason in (
                *("timed_out", "no_slot", "server_error", "access_denied", "unexpected_status", "contradictory"),
                *("not_paid_not_refused", "cannot_ask_by_number", "number_already_used"),
            )
        ]
    ),
    st.sampled_from([Paid(said=ANOTHERS), Waiting(said=ANOTHERS), Refused(cause=Cause.DECLINED, said=ANOTHERS)]),
    st.sampled_from([Paid(said=replace(MINE, amount=Money(1))), Paid(said=replace(MINE, currency="978"))]),
)
answers = st.one_of(readable, unreadable)
moments = st.one_of(
    st.integers(min_value=0, max_value=120),
    st.sampled_from([300, 12 * 60, 27 * 60, 3600, 6 * 3600, 24 * 3600]),
)


def is_a_no(answer: AskAnswer) -> bool:
    """The outside says "not paid", and says it of ours."""
    if isinstance(answer, NotDone):
        return answer.reason == "unknown_order"
    return isinstance(answer, Refused | Waiting) and answer.said.order_number in {None, MINE.order_number}


class PaymentMachine(RuleBasedStateMachine):
    """An attempt, and everything that may be said of it at any time, also too late and out of turn."""

    @initialize(sent=st.booleans())
    def opened(self, sent: bool) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        self.now = NOON
        self.attempt = Attempt(
            state=State.OPENED,
            order_number="A1B2C3D4E5",
            amount=Money(1_430_50),
            opened_at=NOON,
            page_ends_at=NOON + timedelta(minutes=12),
            register_sent_at=NOON if sent else None,
            next_ask_at=SCHEDULE.next_register_ask_at(opened_at=NOON, now=NOON),
        )
        self.model = "opened"
        self.noes: list[datetime] = []

    # --- what may happen ---

    @rule(seconds=moments)
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(days=st.sampled_from([-1, 1]))
    def our_clock_jumps(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.attempt.next_ask_at is not None)
    @rule()
    def the_next_question_is_due(self) -> None:
        assert self.attempt.next_ask_at is not None
        self.now = max(self.now, self.attempt.next_ask_at)

    @rule(event=st.sampled_from(Event))
    def somebody_tells_an_event_that_is_not_allowed(self, event: Event) -> None:
        if event in MODEL[self.model]:
            return
        with pytest.raises(EventNotAllowed):
            next_state(self.attempt.state, event)

    @precondition(lambda self: self.attempt.state is State.OPENED and self.attempt.register_sent_at is not None)
    @rule()
    def the_registration_is_answered(self) -> None:
        self._move(Event.REGISTERED)
        self.attempt = replace(
            self.attempt,
            page_ends_at=self.now + timedelta(minutes=12),
            next_ask_at=SCHEDULE.first_ask_at(registered_at=self.now),
        )

    @rule(
        answer=answers,
        by_fail=st.booleans(),
        stood_still=st.one_of(st.just(0), st.integers(min_value=1, max_value=1000)),
    )
    def the_gateway_answers(self, answer: AskAnswer, by_fail: bool, stood_still: int) -> None:  # noqa: FBT001
        """Asked a while ago, perhaps: the process stood still."""
        asked_at = self.now - timedelta(seconds=stood_still)
        before = self.attempt
        verdict = judge(attempt=before, answer=answer, now=asked_at, schedule=SCHEDULE, came_back_by_fail=by_fail)
        assert before.state not in FINAL or verdict.event is None
        if before.state is State.WATCHED and is_a_no(answer):
            self.noes.append(asked_at)
        if verdict.event is not None:
            self._check_evidence(verdict.event, answer)
            self._move(verdict.event)
        self._take_in(verdict)
        self._say_it_again(answer, asked_at, by_fail=by_fail, had=verdict)

    # --- what must be true of it ---

    def _move(self, event: Event) -> None:
        assert event in MODEL[self.model], f"{event} in {self.model}"
        self.model = MODEL[self.model][event]
        self.attempt = replace(self.attempt, state=next_state(self.attempt.state, event))

    def _take_in(self, verdict: Verdict) -> None:
        self.attempt = replace(
            self.attempt,
            next_ask_at=verdict.next_ask_at,
            asked_count=self.attempt.asked_count + 1,
            checks_passed=verdict.checks_passed,
            was_declined=verdict.was_declined,
            not_found_at=verdict.not_found_at,
        )

    def _say_it_again(self, answer: AskAnswer, asked_at: datetime, *, by_fail: bool, had: Verdict) -> None:
        """The same answer at the same moment teaches nothing new; only what was found late is asked about anew."""
        again = judge(attempt=self.attempt, answer=answer, now=asked_at, schedule=SCHEDULE, came_back_by_fail=by_fail)
        if had.event is Event.FOUND_LATE and answer == Paid(said=MINE):
            assert again.event is Event.CONFIRMED
            return
        assert again.event is None
        assert again.checks_passed == self.attempt.checks_passed

    def _check_evidence(self, event: Event, answer: AskAnswer) -> None:
        if event is Event.CONFIRMED:
            assert answer == Paid(said=MINE)
        if event in {Event.DECLINED, Event.CANCELLED, Event.PAGE_OVER, Event.DECLINED_FOR_GOOD, Event.EXPIRED}:
            assert is_a_no(answer)
        if event is Event.SILENT:
            assert not is_a_no(answer)
            assert answer != Paid(said=MINE)
        if event in {Event.DECLINED_FOR_GOOD, Event.EXPIRED}:
            self._check_late_checks()

    def _check_late_checks(self) -> None:
        """The first after the watch, then three more, each so long after the one before, in the order they came."""
        earliest, waits = self.attempt.page_ends_at + timedelta(minutes=15), iter(LATE_WAITS)
        for asked_at in self.noes:
            if asked_at >= earliest:
                wait = next(waits, None)
                if wait is None:
                    return
                earliest = asked_at + wait
        pytest.fail("final before its four late checks")

    @invariant()
    def the_model_and_the_table_agree(self) -> None:
        state = self.attempt.state
        assert state == self.model
        assert PUBLIC_WORD[state] == WORDS[self.model]
        assert (state in FINAL) == (not MODEL[self.model])
        assert (state in HOLDING) == (self.model in {"opened", "at_gateway", "in_doubt"})

    @invariant()
    def what_is_not_final_is_asked_about(self) -> None:
        assert (self.attempt.next_ask_at is None) == (self.attempt.state in FINAL)

    @invariant()
    def there_is_a_question_or_a_time_from_which_there_is_one(self) -> None:
        question = question_about(self.attempt, now=self.now, schedule=SCHEDULE)
        if self.attempt.state in FINAL:
            assert question is Question.NOTHING
        elif question is Question.NOTHING:
            assert question_comes_at(self.attempt, schedule=SCHEDULE) > self.now
        else:
            assert (question is Question.NEVER_SENT) <= (self.attempt.register_sent_at is None)


class PaymentMachineTest(PaymentMachine.TestCase):
    settings = settings(max_examples=300, stateful_step_count=40, deadline=None)


def test_the_table_is_the_one_that_is_written_down() -> None:
    assert {state: dict(events) for state, events in EVENTS.items()} == MODEL
