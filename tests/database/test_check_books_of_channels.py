"""Each check of the channels' books finds the one difference that is planted behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from bawabati.flows.check_books import check_books, check_what_waits
from bawabati.flows.steps.book_checks.of_channels import OF_CHANNELS
from bawabati.flows.steps.book_checks.of_figures import OF_FIGURES
from bawabati.money.amount import Money
from bawabati.payments.models import ChannelDifference
from bawabati.payments.rules.channels import Word
from channels import Partner, day_file
from people import NOON, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

FIGURES = {check.name for check in OF_FIGURES}
PLANTS = {
    "paid_reservation_without_payment": (
        "UPDATE payments_reservation SET (state, next_step_at, ended_at) = ('paid', NULL, now()) WHERE id = {waiting}",
        "reservation:{waiting}",
    ),
    "reservation_is_not_the_sum_of_its_lines": (
        "UPDATE payments_reservationline SET amount_centimes = amount_centimes - 1 WHERE reservation_id = {waiting}",
        "reservation:{waiting}",
    ),
    "live_reservation_without_hold": ("DELETE FROM payments_hold", "reservation:{waiting}"),
    "reservation_happenings_are_no_path": (
        "UPDATE payments_reservation SET event_count = event_count + 1 WHERE id = {waiting}",
        "reservation:{waiting}",
    ),
    "channel_account_differs_from_payments": (
        "UPDATE ledger_account SET holder = 'another' WHERE code = '5116'",
        "account:5116 another",
    ),
    "channel_difference_without_case": (
        "DELETE FROM cases_case WHERE kind = 'channel_difference'",
        "channel_difference:{difference}",
    ),
    "hold_without_open_attempt": (
        "UPDATE payments_hold SET reservation_id = {paid}",
        "bill:{bill}",
    ),
}


@pytest.fixture
def names() -> dict[str, int]:
    """One reservation that is paid, one that is held, and a file with a line too many."""
    company = add_company()
    bank = Partner.of(company)
    paid, held = add_bill(company, seed=1), add_bill(company, seed=2)
    first = bank.reserve("A-1", paid)
    bank.says("A-1", Word.PAID, Money(paid.due_centimes))
    waiting = bank.reserve("A-2", held)
    lines = [("A-1", paid.payment_number), ("X", "10000000000001")]
    content = day_file(date(2026, 11, 22), *((*line, "1430.50", "2026-11-22T12:00:00", "paid") for line in lines))
    bank.brings(content, now=NOON)
    assert check_books(now=NOON) == []
    difference = ChannelDifference.objects.get()
    return {"paid": first.id, "waiting": waiting.id, "bill": held.id, "difference": difference.id}


@pytest.fixture
def plant(behind_the_scenes: psycopg.Connection[Any], names: dict[str, int]) -> Callable[[str], None]:
    def change(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
            changed = behind_the_scenes.execute(statement.format(**names).encode())
            assert changed.rowcount > 0, "nothing was planted"

    return change


@pytest.mark.parametrize("check", sorted(PLANTS))
def test_what_is_planted_is_found_where_it_is(check: str, plant: Callable[[str], None], names: dict[str, int]) -> None:
    statement, at = PLANTS[check]
    plant(statement)
    found = [one for one in check_books(now=NOON) if one.check not in FIGURES]
    assert check in {one.check for one in found}
    assert at.format(**names) in {one.reference for one in found if one.check == check}


def test_a_reservation_that_nobody_looks_at_is_found(names: dict[str, int]) -> None:
    found = check_what_waits(now=NOON + timedelta(hours=2))
    assert ("reservation_left_behind", f"reservation:{names['waiting']}") in {
        (one.check, one.reference) for one in found
    }


def test_every_check_has_a_difference_that_it_finds() -> None:
    assert {check.name for check in OF_CHANNELS} <= PLANTS.keys()
