"""How tries are weighed, and whose they are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.guard.rules import (
    LIMITS,
    By,
    CaptchaNeeded,
    Scope,
    Tally,
    TooManyTries,
    Verdict,
    Visitor,
    address_that_counts,
    pass_or_raise,
    tallies_of,
    verdict_of,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PROXIES = ("127.0.0.1", "10.0.0.0/8", "::1")
SUBJECT = dict.fromkeys(By, "somebody")


def misses(by: By, seconds: int) -> Tally:
    return Tally(Scope.FIND_MISS, by, seconds, "somebody")


def test_the_sixth_miss_of_an_address_in_ten_minutes_needs_a_captcha() -> None:
    assert verdict_of({misses(By.ADDRESS, 600): 4}) is Verdict.FREE
    assert verdict_of({misses(By.ADDRESS, 600): 5}) is Verdict.CAPTCHA


def test_no_number_of_tries_from_one_address_refuses_whoever_solves_the_captcha() -> None:
    before = {
        tally: 10**9
        for scope in (Scope.FIND_MISS, Scope.FIND_TRY, Scope.RECEIPT_EMAIL)
        for tally in tallies_of(scope, SUBJECT)
        if tally.by in {By.ADDRESS, By.NETWORK}
    }
    assert verdict_of(before) is Verdict.CAPTCHA
    pass_or_raise(verdict_of(before), challenge_passed=True)


def test_misses_of_a_whole_company_bring_the_captcha_then_the_brake() -> None:
    assert verdict_of({misses(By.COMPANY, 3600): 2_000}) is Verdict.CAPTCHA
    assert verdict_of({misses(By.COMPANY, 3600): 4_000}) is Verdict.REFUSED


def test_the_brake_for_everybody_leaves_a_guesser_less_than_one_hit_a_day() -> None:
    brake = next(limit for limit in LIMITS if limit.by is By.EVERYBODY and limit.then is Verdict.REFUSED)
    guesses_a_day = brake.at_most * 86_400 / brake.seconds
    assert guesses_a_day * 5_000_000 / 10**12 < 1


def test_a_network_is_counted_at_ten_times_the_limit_of_an_address() -> None:
    by_address = [limit for limit in LIMITS if limit.by is By.ADDRESS]
    by_network = {(limit.scope, limit.seconds): limit.at_most for limit in LIMITS if limit.by is By.NETWORK}
    assert by_network == {(limit.scope, limit.seconds): limit.at_most * 10 for limit in by_address}


def test_the_worst_limit_decides() -> None:
    assert verdict_of({misses(By.ADDRESS, 600): 5, misses(By.COMPANY, 3600): 4_000}) is Verdict.REFUSED


def test_a_verdict_is_met_by_the_captcha_or_by_patience() -> None:
    pass_or_raise(Verdict.FREE, challenge_passed=False)
    pass_or_raise(Verdict.CAPTCHA, challenge_passed=True)
    with pytest.raises(CaptchaNeeded):
        pass_or_raise(Verdict.CAPTCHA, challenge_passed=False)
    with pytest.raises(TooManyTries):
        pass_or_raise(Verdict.REFUSED, challenge_passed=True)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_falls_into_exactly_one_window(now: datetime) -> None:
    tally = misses(By.ADDRESS, 600)
    starts_at = tally.window_starts_at(now)
    assert starts_at <= now < starts_at + timedelta(seconds=600)
    assert tally.window_starts_at(starts_at) == starts_at


@pytest.mark.parametrize(
    ("address", "one", "network"),
    [
        ("41.98.7.200", "41.98.7.200/32", "41.98.7.0/24"),
        ("2c0f:f698:1:2:3:4:5:6", "2c0f:f698:1:2::/64", "2c0f:f698:1::/48"),
        ("::ffff:41.98.7.200", "41.98.7.200/32", "41.98.7.0/24"),
        ("", "unknown", "unknown"),
        ("no address", "unknown", "unknown"),
    ],
)
def test_a_visitor_is_counted_by_address_and_network(address: str, one: str, network: str) -> None:
    assert Visitor(address).subject() == {By.ADDRESS: one, By.NETWORK: network}


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "counts"),
    [
        ("41.98.7.200", "", "41.98.7.200"),
        ("41.98.7.200", "1.2.3.4", "41.98.7.200"),  # not our proxy: its header is a story
        ("127.0.0.1", "41.98.7.200", "41.98.7.200"),
        ("127.0.0.1", "1.2.3.4, 41.98.7.200", "41.98.7.200"),  # what the visitor wrote himself stands before
        ("127.0.0.1", "1.2.3.4, 41.98.7.200, 10.1.2.3", "41.98.7.200"),
        ("127.0.0.1", "1.2.3.4, nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "1.2.3.4", ""),
        ("::1", " 2c0f:f698::1 ", "2c0f:f698::1"),
    ],
)
def test_a_forwarded_address_counts_only_behind_our_own_proxies(peer: str, forwarded_for: str, counts: str) -> None:
    assert address_that_counts(peer=peer, forwarded_for=forwarded_for, trusted_proxies=PROXIES) == counts


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_breaks_the_reading_of_addresses(peer: str, forwarded_for: str) -> None:
    address = address_that_counts(peer=peer, forwarded_for=forwarded_for, trusted_proxies=PROXIES)
    assert set(Visitor(address).subject()) == {By.ADDRESS, By.NETWORK}
