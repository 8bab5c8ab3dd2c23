from datetime import UTC, datetime, timedelta

from bawabati.adapters.gateways.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.day = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.day + timedelta(seconds=self.seconds - 1000)


def breaker_and_clock() -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(failures=3, rest_seconds=30, monotonic=clock.monotonic, now=clock.now), clock


def test_a_gateway_that_answers_is_always_called() -> None:
    breaker, _ = breaker_and_clock()
    for _ in range(10):
        assert breaker.allows()
        breaker.answered()
    assert breaker.open_since is None


def test_it_opens_after_failures_in_a_row_and_says_since_when_the_silence_lasts() -> None:
    breaker, clock = breaker_and_clock()
    for _ in range(3):
        assert breaker.allows()
        breaker.not_answered()
        clock.seconds += 1
    assert not breaker.allows()
    assert breaker.open_since == clock.day


def test_an_answer_between_failures_starts_the_count_again() -> None:
    breaker, _ = breaker_and_clock()
    for _ in range(5):
        breaker.not_answered()
        breaker.not_answered()
        breaker.answered()
    assert breaker.allows()
    assert breaker.open_since is None


def test_after_a_rest_one_call_goes_out_and_its_answer_closes_the_breaker() -> None:
    breaker, clock = breaker_and_clock()
    for _ in range(3):
        breaker.not_answered()
    clock.seconds += 30
    assert [breaker.allows() for _ in range(4)] == [True, False, False, False]
    breaker.answered()
    assert breaker.allows()
    assert breaker.open_since is None


def test_a_trial_that_fails_begins_another_rest_and_the_silence_is_as_old_as_before() -> None:
    breaker, clock = breaker_and_clock()
    for _ in range(3):
        breaker.not_answered()
    clock.seconds += 30
    assert breaker.allows()
    clock.seconds += 20
    breaker.not_answered()
    clock.seconds += 29
    assert not breaker.allows()
    clock.seconds += 1
    assert breaker.allows()
    assert breaker.open_since == clock.day


def test_a_trial_that_never_reports_back_does_not_shut_the_gateway_out_for_ever() -> None:
    breaker, clock = breaker_and_clock()
    for _ in range(3):
        breaker.not_answered()
    clock.seconds += 30
    assert breaker.allows()
    clock.seconds += 30
    assert breaker.allows()
