"""The judge of reservations: told twice, late or out of order, the words of a channel lead to the same world."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.money.amount import Money
from bawabati.payments.rules.channels import (
    FINAL_RESERVATION,
    RESERVATION_EVENTS,
    RESERVATION_HOLDS,
    ChannelDifferenceKind,
    Named,
    OurPart,
    ReservationAlarm,
    ReservationEvent,
    ReservationState,
    Reserved,
    TheirPart,
    Word,
    channel_code_of,
    compare_day,
    days_of,
    days_without_file,
    judge_listed,
    judge_time,
    judge_word,
    next_reservation_state,
    sums_by_reference,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
SUM = Money(1_430_50)
FRESH = Reserved(
    state=ReservationState.RESERVED,
    amount=SUM,
    ends_at=NOON + timedelta(minutes=15),
    next_step_at=NOON + timedelta(minutes=15),
    is_posted=False,
)
WORDS = st.lists(st.sampled_from([*Word, "time"]), max_size=8)


def hear(reserved: Reserved, word: str, now: datetime) -> Reserved:
    """What one word, or time, makes of it."""
    if word == "time":
        verdict = judge_time(reserved, days_left={DAY}, now=now)
    else:
        verdict = judge_word(reserved, Word(word), amount=SUM if word == Word.PAID else None, now=now)
    state = next_reservation_state(reserved.state, verdict.event) if verdict.event else reserved.state
    posted = reserved.is_posted or verdict.posts_beside or state is ReservationState.PAID
    next_step_at = None if state in FINAL_RESERVATION else verdict.next_step_at or reserved.next_step_at
    return replace(reserved, state=state, is_posted=posted, next_step_at=next_step_at)


def told(words: list[str], *, reserved: Reserved = FRESH) -> Reserved:
    for number, word in enumerate(words):
        reserved = hear(reserved, word, NOON + timedelta(days=number))
    return reserved


@given(words=WORDS)
def test_money_that_was_told_once_is_posted_whatever_else_was_told(words: list[str]) -> None:
    assert told(words).is_posted == (Word.PAID in words)


@given(words=WORDS, repeated=st.integers(0, 7))
def test_a_word_that_comes_again_later_changes_no_money(words: list[str], repeated: int) -> None:
    again = [*words, *words[repeated : repeated + 1]]
    assert told(again).is_posted == told(words).is_posted


@given(words=WORDS)
def test_a_final_state_is_never_left(words: list[str]) -> None:
    reserved = FRESH
    for number, word in enumerate(words):
        after = hear(reserved, word, NOON + timedelta(days=number))
        assert reserved.state not in FINAL_RESERVATION or after.state is reserved.state
        reserved = after


@given(days=st.integers(0, 5000))
def test_time_alone_never_says_that_nothing_was_paid(days: int) -> None:
    pending = replace(FRESH, state=ReservationState.PENDING)
    verdict = judge_time(pending, days_left=(), now=NOON + timedelta(days=days))
    assert verdict.event is None
    assert told(["time"] * 9).state is ReservationState.RELEASED


def test_what_no_file_of_its_days_names_is_over() -> None:
    released = replace(FRESH, state=ReservationState.RELEASED)
    late = NOON + timedelta(days=9)
    assert judge_time(released, days_left=(), now=late).event is ReservationEvent.NEVER_LISTED
    assert judge_time(released, days_left={DAY}, now=late).event is None
    assert days_of(opened_on=DAY, over_on=DAY + timedelta(days=1)) == {DAY + timedelta(days=n) for n in range(3)}


def test_another_sum_is_never_a_payment() -> None:
    for state in ReservationState:
        reserved = replace(FRESH, state=state)
        for verdict in (
            judge_word(reserved, Word.PAID, amount=Money(1), now=NOON),
            judge_listed(reserved, Word.PAID, amount=Money(1), now=NOON),
        ):
            assert verdict.event in {None, ReservationEvent.DIFFERS}
            assert verdict.alarm is ReservationAlarm.MISMATCH
            assert not verdict.posts_beside


@pytest.mark.parametrize("words", sorted(permutations(["paid", "cancelled", "pending"])))
def test_in_whatever_order_they_come_the_money_is_posted(words: tuple[str, ...]) -> None:
    assert told(list(words)).is_posted


def test_every_open_state_is_left_by_a_word_and_by_a_file() -> None:
    for state, events in RESERVATION_EVENTS.items():
        if state not in FINAL_RESERVATION:
            assert {ReservationEvent.PAID, ReservationEvent.CANCELLED, ReservationEvent.LISTED_PAID} <= events.keys()
    assert not RESERVATION_HOLDS & FINAL_RESERVATION


def our(reference: str, centimes: int = 100, day: date = DAY) -> OurPart:
    return OurPart(reference, "1", centimes, day)


def their(reference: str, centimes: int = 100, word: Word = Word.PAID) -> TheirPart:
    return TheirPart(reference, "1", centimes, word)


def test_each_difference_has_its_name() -> None:
    kinds = ChannelDifferenceKind
    found = compare_day(
        day=DAY,
        ours=[our("missing"), our("more"), our("refused"), our("same"), our("twice"), our("old", day=date(2026, 1, 1))],
        theirs=[
            their("more", 200),
            their("refused", word=Word.CANCELLED),
            their("same"),
            their("strange"),
            their("nothing", word=Word.CANCELLED),
            *[their("twice")] * 2,
        ],
    )
    assert found == (
        Named("missing", "1", kinds.NOT_IN_FILE, 100, 0),
        Named("more", "1", kinds.AMOUNT_DIFFERS, 100, 200),
        Named("refused", "1", kinds.OUTCOME_DIFFERS, 100, 100),
        Named("strange", "1", kinds.NOT_OURS, 0, 100),
        Named("twice", "1", kinds.LISTED_TWICE, 100, 100),
    )


@given(parts=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 3)), unique_by=lambda part: part[0]))
def test_a_file_that_says_what_we_say_differs_in_nothing(parts: list[tuple[str, int]]) -> None:
    ours = [our(reference, centimes) for reference, centimes in parts]
    theirs = [their(reference, centimes) for reference, centimes in parts]
    assert compare_day(day=DAY, ours=ours, theirs=theirs) == ()


def test_the_neighbours_file_explains_what_is_missing() -> None:
    assert compare_day(day=DAY, ours=[our("a")], theirs=[], listed_elsewhere={("a", "1")}) == ()


def test_a_day_is_missing_on_the_second_day_after_it() -> None:
    missing = days_without_file(since=DAY, today=DAY + timedelta(days=3), brought={DAY})
    assert missing == (DAY + timedelta(days=1),)
    assert days_without_file(since=DAY, today=DAY + timedelta(days=1), brought=()) == ()


def test_lines_of_one_reference_count_together_and_contradict_one_another() -> None:
    sums = sums_by_reference([their("a"), their("a", 50), their("b"), their("b", word=Word.PENDING)])
    assert sums == {"a": (Word.PAID, 150), "b": (None, 200)}


def test_codes_are_small_letters_that_nobody_else_has() -> None:
    assert channel_code_of("Algérie Poste!", taken=()) == "algeriepo"
    assert channel_code_of("Algérie Poste!", taken={"algeriepo"}) == "algeriepo2"
    assert channel_code_of("بريدي", taken=()) == "channel"
