"""The life of a payment: its table, and what the judge makes of each answer."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    EVENTS,
    FINAL,
    HOLDING,
    PUBLIC_WORD,
    Alarm,
    Attempt,
    Event,
    EventNotAllowed,
    PublicWord,
    Schedule,
    State,
    Verdict,
    judge,
    judge_silent_registration,
    next_state,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PAGE_ENDS = NOON + timedelta(minutes=12)
AFTER_THE_PAGE = PAGE_ENDS + timedelta(minutes=1)
SCHEDULE = Schedule()
OURS = Said(
    order_number="A1B2C3D4E5",
    amount=Money(1_430_50),
    currency="012",
    order_status=2,
    error_code="0",
    response_code="00",
)


def attempt(state: State = State.AT_GATEWAY, **changes: object) -> Attempt:
    known: dict[str, object] = {
        "state": state,
        "order_number": "A1B2C3D4E5",
        "amount": Money(1_430_50),
        "opened_at": NOON,
        "page_ends_at": PAGE_ENDS,
    }
    return Attempt(**(known | changes))  # type: ignore[arg-type]  # a test's own values


def verdict(answer: AskAnswer, *, now: datetime = NOON, by_fail: bool = False, **changes: object) -> Verdict:
    return judge(
        attempt=attempt(**changes),  # type: ignore[arg-type]
        answer=answer,
        now=now,
        schedule=SCHEDULE,
        came_back_by_fail=by_fail,
    )


# --- the table ---


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {State.OPENED}
    while further := {after for state in reached for after in EVENTS[state].values()} - reached:
        reached |= further
    assert reached == set(State)


def test_from_every_state_an_end_can_be_reached() -> None:
    ending = set(FINAL)
    while more := {state for state, events in EVENTS.items() if set(events.values()) & ending} - ending:
        ending |= more
    assert ending == set(State)


def test_only_paid_failed_declined_and_expired_are_final() -> None:
    assert {State.PAID, State.FAILED, State.DECLINED, State.EXPIRED} == FINAL


def test_a_watched_attempt_holds_nothing_because_the_gateway_has_said_not_paid() -> None:
    assert {State.OPENED, State.AT_GATEWAY, State.IN_DOUBT} == HOLDING


def test_every_state_has_a_word_for_the_public_and_only_paid_says_paid() -> None:
    assert set(PUBLIC_WORD) == set(State)
    assert [state for state, word in PUBLIC_WORD.items() if word is PublicWord.PAID] == [State.PAID]


@given(st.sampled_from(State), st.sampled_from(Event))
def test_what_the_table_does_not_know_is_refused(state: State, event: Event) -> None:
    if event in EVENTS[state]:
        assert next_state(state, event) is EVENTS[state][event]
    else:
        with pytest.raises(EventNotAllowed):
            next_state(state, event)


# --- at the gateway ---


def test_paid_with_our_number_amount_and_currency_confirms() -> None:
    assert verdict(Paid(said=OURS)).event is Event.CONFIRMED


@pytest.mark.parametrize(
    "said",
    [
        Said(order_number="ZZZZZZZZZZ", amount=Money(1_430_50), currency="012"),
        Said(order_number="A1B2C3D4E5", amount=Money(1_430_49), currency="012"),
        Said(order_number="A1B2C3D4E5", amount=Money(1_430_50), currency="840"),
        Said(order_number="A1B2C3D4E5", amount=None, currency="012"),
        Said(),
    ],
)
def test_paid_for_anything_that_is_not_exactly_ours_changes_no_state_and_alarms(said: Said) -> None:
    judged = verdict(Paid(said=said))
    assert (judged.event, judged.alarm) == (None, Alarm.MISMATCH)


@pytest.mark.parametrize(
    ("cause", "event"),
    [
        (Cause.DECLINED, Event.DECLINED),
        (Cause.AUTHENTICATION_FAILED, Event.DECLINED),
        (Cause.REVERSED, Event.DECLINED),
        (Cause.CANCELLED, Event.CANCELLED),
        (Cause.PAGE_TIMED_OUT, Event.PAGE_OVER),
    ],
)
def test_a_refusal_frees_the_bill_at_once_and_goes_on_being_watched(cause: Cause, event: Event) -> None:
    judged = verdict(Refused(cause=cause, said=OURS))
    assert judged.event is event
    assert next_state(State.AT_GATEWAY, event) is State.WATCHED
    assert judged.next_ask_at is not None


def test_nobody_has_paid_yet_concludes_nothing_while_the_page_lives() -> None:
    assert verdict(Waiting(said=OURS)).event is None


def test_the_payer_who_comes_back_by_the_failure_address_frees_the_bill_at_once() -> None:
    assert verdict(Waiting(said=OURS), by_fail=True).event is Event.PAGE_OVER


def test_nobody_has_paid_yet_after_the_page_is_over_frees_the_bill() -> None:
    assert verdict(Waiting(said=OURS), now=AFTER_THE_PAGE).event is Event.PAGE_OVER


@pytest.mark.parametrize("answer", [Unknown(reason="timed_out"), NotDone(reason="circuit_open")])
def test_no_answer_is_neither_a_refusal_nor_a_success(answer: AskAnswer) -> None:
    assert verdict(answer).event is None


def test_silence_past_the_pages_life_is_said_aloud() -> None:
    assert verdict(Unknown(reason="no_connection"), now=AFTER_THE_PAGE).event is Event.SILENT


def test_an_order_that_the_gateway_forgot_is_not_paid_once_its_page_is_over() -> None:
    assert verdict(NotDone(reason="unknown_order")).event is None
    assert verdict(NotDone(reason="unknown_order"), now=AFTER_THE_PAGE).event is Event.PAGE_OVER


@pytest.mark.parametrize("state", [State.OPENED, State.AT_GATEWAY, State.IN_DOUBT, State.WATCHED])
@pytest.mark.parametrize(
    "answer",
    [
        Refused(cause=Cause.DECLINED, said=Said(order_number="ZZZZZZZZZZ")),
        Refused(cause=Cause.REVERSED, said=Said(order_number="ZZZZZZZZZZ")),
        Waiting(said=Said(order_number="ZZZZZZZZZZ")),
        Paid(said=Said(order_number="ZZZZZZZZZZ")),
    ],
)
def test_what_is_said_of_another_order_is_neither_a_refusal_nor_a_success(answer: AskAnswer, state: State) -> None:
    judged = verdict(answer, state=state, next_ask_at=NOON, by_fail=True)
    assert (judged.event, judged.alarm) == (None, Alarm.MISMATCH)
    late = verdict(answer, state=state, next_ask_at=PAGE_ENDS, checks_passed=3, now=AFTER_THE_PAGE + timedelta(days=2))
    assert late.event is (Event.SILENT if state is State.AT_GATEWAY else None)
    assert late.checks_passed in {0, 3}
    assert late.next_ask_at is not None


def test_a_refusal_that_names_no_order_is_of_the_order_that_we_asked_about() -> None:
    assert verdict(Refused(cause=Cause.DECLINED, said=Said())).event is Event.DECLINED


# --- when we ask ---


def test_the_first_questions_come_quickly_and_then_every_minute_and_a_half() -> None:
    waits = [(verdict(Waiting(said=OURS), asked_count=count).next_ask_at or NOON) - NOON for count in range(4)]
    assert [wait.total_seconds() for wait in waits] == [30, 60, 90, 90]


def test_in_doubt_we_ask_every_five_minutes_then_every_half_hour_then_every_hour() -> None:
    ages = (timedelta(minutes=20), timedelta(hours=3), timedelta(hours=30))
    waits = [
        (verdict(Unknown(reason="timed_out"), state=State.IN_DOUBT, now=PAGE_ENDS + age).next_ask_at or NOON)
        - PAGE_ENDS
        - age
        for age in ages
    ]
    assert [wait.total_seconds() for wait in waits] == [300, 1800, 3600]


# --- late checks ---


def test_only_four_late_answers_each_after_the_one_before_make_it_final() -> None:
    watched = attempt(State.WATCHED, was_declined=True, next_ask_at=PAGE_ENDS + timedelta(minutes=15))
    asked_at = []
    judged = Verdict(event=None, next_ask_at=watched.next_ask_at)
    while judged.event is None:
        assert judged.next_ask_at is not None
        now = judged.next_ask_at
        asked_at.append(now)
        judged = judge(
            attempt=attempt(State.WATCHED, was_declined=True, next_ask_at=now, checks_passed=judged.checks_passed),
            answer=Refused(cause=Cause.DECLINED, said=OURS),
            now=now,
            schedule=SCHEDULE,
        )
    assert judged.event is Event.DECLINED_FOR_GOOD
    gaps = [later - earlier for earlier, later in pairwise(asked_at)]
    assert asked_at[0] == PAGE_ENDS + timedelta(minutes=15)
    assert gaps == [timedelta(hours=1), timedelta(hours=6), timedelta(hours=24)]


def test_a_reload_between_two_late_checks_does_not_count_as_one() -> None:
    due = AFTER_THE_PAGE + timedelta(hours=2)
    judged = verdict(
        Refused(cause=Cause.DECLINED, said=OURS),
        state=State.WATCHED,
        now=AFTER_THE_PAGE + timedelta(hours=1),
        checks_passed=1,
        next_ask_at=due,
    )
    assert (judged.event, judged.checks_passed, judged.next_ask_at) == (None, 1, due)


@pytest.mark.parametrize(
    "answer", [Waiting(said=OURS), Refused(cause=Cause.DECLINED, said=OURS), Unknown(reason="timed_out")]
)
def test_a_process_that_stood_still_since_before_the_first_check_brings_no_check_forward(answer: AskAnswer) -> None:
    due = PAGE_ENDS + timedelta(minutes=75)
    judged = verdict(
        answer,
        state=State.WATCHED,
        now=PAGE_ENDS + timedelta(minutes=14),
        checks_passed=1,
        next_ask_at=due,
    )
    assert (judged.event, judged.checks_passed, judged.next_ask_at) == (None, 1, due)


def test_money_that_arrives_late_is_still_confirmed() -> None:
    assert verdict(Paid(said=OURS), state=State.WATCHED, checks_passed=3).event is Event.CONFIRMED


def test_an_attempt_that_was_never_declined_expires() -> None:
    judged = verdict(Waiting(said=OURS), state=State.WATCHED, now=AFTER_THE_PAGE + timedelta(days=2), checks_passed=3)
    assert judged.event is Event.EXPIRED


def test_money_taken_back_is_told_at_the_last_check_too() -> None:
    judged = verdict(
        Refused(cause=Cause.REVERSED, said=OURS),
        state=State.WATCHED,
        now=AFTER_THE_PAGE + timedelta(days=2),
        checks_passed=3,
    )
    assert (judged.event, judged.alarm) == (Event.DECLINED_FOR_GOOD, Alarm.TAKEN_BACK)


# --- registration without an answer ---


def test_an_order_found_late_is_watched_and_not_confirmed_before_it_is_acknowledged() -> None:
    assert verdict(Paid(said=OURS), state=State.OPENED).event is Event.FOUND_LATE


def test_an_unknown_number_fails_the_attempt_only_when_asked_twice_and_old_enough() -> None:
    unknown = NotDone(reason="unknown_order")
    first = verdict(unknown, state=State.OPENED, now=NOON + timedelta(minutes=1))
    assert (first.event, first.not_found_at) == (None, NOON + timedelta(minutes=1))
    young = verdict(unknown, state=State.OPENED, now=NOON + timedelta(minutes=4), not_found_at=first.not_found_at)
    assert young.event is None
    old = verdict(unknown, state=State.OPENED, now=NOON + timedelta(minutes=5), not_found_at=first.not_found_at)
    assert old.event is Event.NEVER_REGISTERED


def test_what_was_answered_to_the_registration_is_not_the_first_of_two_questions() -> None:
    """An odd status of `register` says as little as silence; of a question it says that it will not be answered."""
    silent = judge_silent_registration(attempt=attempt(State.OPENED), now=NOON, schedule=SCHEDULE)
    assert (silent.event, silent.not_found_at, silent.next_ask_at) == (None, None, NOON + timedelta(seconds=30))
    asked_once = verdict(
        NotDone(reason="unknown_order"), state=State.OPENED, now=NOON + timedelta(minutes=6), not_found_at=None
    )
    assert asked_once.event is None


def test_a_gateway_that_cannot_be_asked_by_number_lets_the_attempt_fail_after_five_minutes() -> None:
    mute = Unknown(reason="cannot_ask_by_number")
    assert verdict(mute, state=State.OPENED, now=NOON + timedelta(minutes=4)).event is None
    assert verdict(mute, state=State.OPENED, now=NOON + timedelta(minutes=5)).event is Event.NEVER_REGISTERED


# --- whatever is answered, in whatever order ---

answers = st.sampled_from(
    [
        Paid(said=OURS),
        Paid(said=Said(order_number="ZZZZZZZZZZ", amount=Money(1), currency="012")),
        Refused(cause=Cause.DECLINED, said=OURS),
        Refused(cause=Cause.CANCELLED, said=OURS),
        Refused(cause=Cause.PAGE_TIMED_OUT, said=OURS),
        Waiting(said=OURS),
        NotDone(reason="unknown_order"),
        NotDone(reason="circuit_open"),
        Unknown(reason="timed_out"),
        Unknown(reason="cannot_ask_by_number"),
    ]
)
steps = st.lists(st.tuples(answers, st.integers(min_value=1, max_value=100_000)), max_size=40)


@given(st.sampled_from([State.OPENED, State.AT_GATEWAY]), steps)
def test_whatever_is_answered_the_attempt_follows_the_table_and_is_asked_about_until_it_is_final(
    start: State, story: list[tuple[AskAnswer, int]]
) -> None:
    current, now = attempt(start), NOON
    for answer, seconds in story:
        now += timedelta(seconds=seconds)
        judged = judge(attempt=current, answer=answer, now=now, schedule=SCHEDULE)
        state = next_state(current.state, judged.event) if judged.event else current.state
        assert (judged.next_ask_at is None) == (state in FINAL)
        assert judged.next_ask_at is None or judged.next_ask_at > now or state is State.WATCHED
        if state is State.PAID and current.state is not State.PAID:
            assert answer == Paid(said=OURS)
        if state in FINAL and current.state not in FINAL:
            assert not isinstance(answer, Unknown) or current.state is State.OPENED
        current = attempt(
            state,
            next_ask_at=judged.next_ask_at,
            asked_count=current.asked_count + 1,
            checks_passed=judged.checks_passed,
            was_declined=judged.was_declined,
            not_found_at=judged.not_found_at,
        )


@given(steps, st.sampled_from([Waiting(said=OURS), Refused(cause=Cause.DECLINED, said=OURS), Paid(said=OURS)]))
def test_once_the_gateway_answers_again_every_attempt_becomes_final(
    story: list[tuple[AskAnswer, int]], truth: AskAnswer
) -> None:
    current, now = attempt(), NOON
    healed = [(truth, 0)] * 40
    for answer, seconds in [*story, *healed]:
        if current.state in FINAL:
            break
        now = max(now + timedelta(seconds=seconds), current.next_ask_at or now)
        judged = judge(attempt=current, answer=answer, now=max(now, PAGE_ENDS), schedule=SCHEDULE)
        now = max(now, PAGE_ENDS)
        current = attempt(
            next_state(current.state, judged.event) if judged.event else current.state,
            next_ask_at=judged.next_ask_at,
            asked_count=current.asked_count + 1,
            checks_passed=judged.checks_passed,
            was_declined=judged.was_declined,
        )
    assert current.state in FINAL
