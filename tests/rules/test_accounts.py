"""What opens an account, and how long for."""

from datetime import timedelta

import pytest

from bawabati.people.rules import PASSKEY_ROLES, Factor, Role, factor_suffices, is_pin, session_is_over
from people import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("role", Role)
def test_a_code_suffices_but_for_those_who_need_a_passkey(role: Role) -> None:
    for factor in Factor:
        suffices = factor_suffices(factor, {role}, passkeys_required=True)
        assert suffices is (role not in PASSKEY_ROLES or factor is Factor.PASSKEY), factor


def test_the_strictest_role_decides() -> None:
    assert not factor_suffices(Factor.TOTP, {Role.CASHIER, Role.FINANCE}, passkeys_required=True)


def test_a_demonstration_goes_on_with_codes_and_never_with_a_pin() -> None:
    assert factor_suffices(Factor.TOTP, {Role.FINANCE}, passkeys_required=False)
    assert not factor_suffices(Factor.DESK_PIN, {Role.FINANCE}, passkeys_required=False)


def test_without_a_factor_nothing_opens_to_anybody() -> None:
    assert not factor_suffices(None, set(), passkeys_required=False)
    assert not factor_suffices(None, {Role.CASHIER}, passkeys_required=False)


@pytest.mark.parametrize(
    ("since", "idle", "is_over"), [(10, 1, False), (10, 15, True), (600, 1, True), (599, 14, False), (0, 0, False)]
)
def test_a_session_ends_by_silence_or_with_the_shift(since: int, idle: int, *, is_over: bool) -> None:
    assert is_over is session_is_over(
        signed_in_at=NOON - since * MINUTE,
        seen_at=NOON - idle * MINUTE,
        idle=15 * MINUTE,
        shift=600 * MINUTE,
        now=NOON,
    )


@pytest.mark.parametrize("pin", ["730164", "112233", "100000", "135791"])
def test_what_can_be_a_pin(pin: str) -> None:
    assert is_pin(pin)


@pytest.mark.parametrize(
    "pin", ["", "12345", "123456", "654321", "777777", "246802468024680", "٧٣٠١٦٤", "73016a", "135790 "]
)
def test_what_cannot_be_a_pin(pin: str) -> None:
    assert not is_pin(pin)
