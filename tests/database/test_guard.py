"""Counters and spent challenges, in the real table."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from bawabati.flows.forget_tries import forget_tries
from bawabati.guard.models import Counter, SpentChallenge
from bawabati.guard.rules import By, Scope, Subject, Verdict
from bawabati.guard.writes import note, spend_challenge, weigh
from people import NOON

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = {By.ADDRESS: "41.98.7.200/32", By.NETWORK: "41.98.7.0/24", By.COMPANY: "oran", By.EVERYBODY: ""}


def weigh_a_look_up(*, subject: Subject = SOMEBODY, now: datetime = NOON) -> Verdict:
    return weigh(counting=Scope.FIND_TRY, minding=(Scope.FIND_MISS,), subject=subject, now=now)


def note_a_miss(*, now: datetime = NOON) -> None:
    note(Scope.FIND_MISS, subject=SOMEBODY, now=now)


def test_a_try_is_weighed_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    weigh_a_look_up()
    with django_assert_num_queries(1):
        assert weigh_a_look_up() is Verdict.FREE


def test_misses_bring_the_captcha_until_their_window_is_over() -> None:
    for _ in range(5):
        assert weigh_a_look_up() is Verdict.FREE
        note_a_miss()
    assert weigh_a_look_up() is Verdict.CAPTCHA
    assert weigh_a_look_up(now=NOON + timedelta(minutes=10)) is Verdict.FREE


def test_another_address_is_free_meanwhile() -> None:
    for _ in range(20):
        note_a_miss()
    other = SOMEBODY | {By.ADDRESS: "41.98.7.201/32"}
    assert weigh_a_look_up(subject=other) is Verdict.FREE


def test_tries_are_counted_even_when_all_come_at_once(together: Callable[..., list[Any]]) -> None:
    verdicts = together(*[weigh_a_look_up] * 12)
    assert verdicts == [Verdict.FREE] * 12
    assert set(Counter.objects.values_list("count", flat=True)) == {12}


def test_no_address_stands_in_the_table(behind_the_scenes: psycopg.Connection[Any]) -> None:
    weigh_a_look_up()
    note_a_miss()
    rows = behind_the_scenes.execute("SELECT counter::text FROM guard_counter AS counter").fetchall()
    assert rows
    assert not any("41.98" in row for (row,) in rows)


def test_limits_can_be_switched_off(settings: Settings, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    settings.LIMITS_ON = False
    with django_assert_num_queries(0):
        for _ in range(40):
            note_a_miss()
            assert weigh_a_look_up() is Verdict.FREE


def test_counting_that_fails_asks_for_the_captcha(behind_the_scenes: psycopg.Connection[Any]) -> None:
    behind_the_scenes.execute("ALTER TABLE guard_counter RENAME TO guard_counter_away")
    try:
        note_a_miss()
        assert weigh_a_look_up() is Verdict.CAPTCHA
    finally:
        behind_the_scenes.execute("ALTER TABLE guard_counter_away RENAME TO guard_counter")


def test_counting_that_fails_leaves_a_callers_transaction_whole(behind_the_scenes: psycopg.Connection[Any]) -> None:
    behind_the_scenes.execute("ALTER TABLE guard_counter RENAME TO guard_counter_away")
    try:
        with transaction.atomic():
            note_a_miss()
            SpentChallenge.objects.create(digest="written after", forget_after=NOON)
    finally:
        behind_the_scenes.execute("ALTER TABLE guard_counter_away RENAME TO guard_counter")
    assert SpentChallenge.objects.count() == 1


def test_a_challenge_is_spent_once_whoever_comes_at_the_same_moment(together: Callable[..., list[Any]]) -> None:
    answers = together(*[lambda: spend_challenge("a digest", forget_after=NOON)] * 8)
    assert sorted(answers) == [False] * 7 + [True]
    assert not spend_challenge("a digest", forget_after=NOON)
    assert spend_challenge("another digest", forget_after=NOON)


def test_what_no_longer_matters_is_forgotten() -> None:
    spend_challenge("old", forget_after=NOON - timedelta(seconds=1))
    spend_challenge("young", forget_after=NOON + timedelta(minutes=10))
    note_a_miss(now=NOON - timedelta(days=2))
    note_a_miss()
    young = Counter.objects.filter(window_starts_at__gt=NOON - timedelta(days=1)).count()
    assert forget_tries(now=NOON) == 1 + 6  # the challenge, and the six tallies of the old miss
    assert Counter.objects.count() == young
    assert list(SpentChallenge.objects.values_list("digest", flat=True)) == ["young"]
    assert forget_tries(now=NOON) == 0
