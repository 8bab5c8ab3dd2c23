"""Each check of settlement finds the one difference that is planted behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from people import NOON, add_company
from settling import World, credit, line, of_payment, received

pytestmark = pytest.mark.usefixtures("database")

NEXT_YEAR = NOON + timedelta(days=365)
PLANTS = {
    "items_differ_from_what_stands_apart": "UPDATE settlement_difference SET posted_centimes = posted_centimes - 1, "
    "amount_centimes = amount_centimes - 1 WHERE posted_centimes > 0",
    "remittances_due_differ": "UPDATE settlement_remittance SET net_centimes = net_centimes + 1 WHERE credit_count = 0",
    "settled_otherwise_than_matched": "DELETE FROM settlement_match WHERE remittance_id IS NULL",
    "line_matched_otherwise_than_once": "UPDATE settlement_match SET line_id = (SELECT min(line_id) "
    "FROM settlement_match WHERE remittance_id IS NULL) WHERE remittance_id IS NULL",
    "line_neither_matched_nor_an_item": "UPDATE settlement_difference SET line_id = NULL",
    "matched_with_a_payment_that_is_not_paid": "UPDATE payments_payment SET state = 'expired'",
    "statement_not_compared": "UPDATE settlement_statement SET matched_at = NULL",
    "difference_past_its_promise": "UPDATE settlement_difference SET promised_on = '2026-11-25'",
}


@pytest.fixture
def water(database: None) -> Company:  # noqa: ARG001
    return add_company()


@pytest.fixture
def plant(water: Company, behind_the_scenes: psycopg.Connection[Any], tmp_path: Path) -> Callable[[str], None]:
    """A day with a good line, one of nobody, a remittance that the bank has credited and one that it has not."""
    world = World(water, behind_the_scenes)
    received(tmp_path, water, [of_payment(world.pay()), line(gross=7700, order="9999999999", reference="nobody")])
    received(tmp_path, water, [credit(150750)], profile="bank")
    received(tmp_path, water, [of_payment(world.pay(), remittance="R2")], name="SATIM_1_20261120.csv")

    def plant(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            behind_the_scenes.execute(statement)

    return plant


def found_of_settlement(**when: Any) -> set[str]:  # noqa: ANN401 - the moment
    return {found.check for found in check_books(**when)} & {check.name for check in OF_SETTLEMENT}


def test_nothing_is_found_where_nothing_was_planted(plant: Callable[[str], None]) -> None:
    assert plant
    assert found_of_settlement(now=NOON) == set()


@pytest.mark.parametrize("check", sorted(PLANTS))
def test_each_check_finds_what_was_planted_for_it(plant: Callable[[str], None], check: str) -> None:
    plant(PLANTS[check])
    assert check in found_of_settlement(now=NEXT_YEAR)
    if check not in {"statement_not_compared", "difference_past_its_promise"}:
        assert check in found_of_settlement(now=NOON)


def test_every_check_of_settlement_has_its_plant() -> None:
    assert {check.name for check in OF_SETTLEMENT} == set(PLANTS)
