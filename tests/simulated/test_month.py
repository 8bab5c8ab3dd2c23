"""A month beside the acquirer's and the bank's files with everything that can go wrong with them.

Each disorder is found and typed as what it is, nothing else is reported, and every centime has its place in the books.
The same with 100,000 payments: `python benchmarks/month.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from people import SALIMA, add_company

if TYPE_CHECKING:
    import psycopg

    from month import Month

PAYMENTS = 3_000
SEED = 20261122


@pytest.fixture
def month(database: None, behind_the_scenes: psycopg.Connection[Any], tmp_path: Path) -> Month:  # noqa: ARG001
    from bawabati.people.reads import find_staff  # noqa: PLC0415 - settings first
    from month import Month  # noqa: PLC0415 - settings first

    company = add_company()
    officer = find_staff(SALIMA)
    assert officer is not None
    made = Month(company=company, officer=officer, connection=behind_the_scenes, folder=tmp_path)
    made.fill(payments=PAYMENTS)
    return made


def test_a_month_without_disorder_agrees_to_the_centime(month: Month) -> None:
    from month import balances, items_of  # noqa: PLC0415 - settings first

    bank = month.bank(seed=SEED)
    month.live(bank)
    assert items_of(month.company, ended=False) == items_of(month.company, ended=True) == []
    assert month.refused == {}
    found = balances(month.company, month.connection)
    assert found.keys().isdisjoint({"511", "5113", "5115", "4715"})
    assert found["512"] == bank.balance_of(bank.settings()[0].merchant)


def test_each_disorder_is_found_as_what_it_is_and_nothing_else_is_reported(month: Month) -> None:
    from month import Item, balances, expected_of, items_of, never_told, passing_of, plan  # noqa: PLC0415 - settings first
    from sandbox.bank.disorders import Kind  # noqa: PLC0415 - beside the others

    bank = month.bank(seed=SEED)
    plan(bank)
    month.take_money_of(48)
    month.live(bank)
    done = bank.disorders.done()
    assert {each.kind for each in done} == set(Kind)
    assert bank.disorders.wishes() == []

    charged = Item(kind="paid_but_not_posted_here", about="0000000048")
    assert items_of(month.company, ended=False) == sorted(
        [charged, *(item for each in done for item in expected_of(each))]
    )
    assert set(items_of(month.company, ended=True)) <= {item for each in done for item in passing_of(each)}
    spoiled = {
        each.file for each in done if each.kind in {Kind.TRUNCATED_FILE, Kind.EMPTY_FILE, Kind.TRUNCATED_STATEMENT}
    }
    assert month.refused.keys() == spoiled

    found = balances(month.company, month.connection)
    assert found["511"] + found["5113"] == never_told(month, done)
    assert -found["4715"] == month.posted_apart()
    assert found["5115"] == sum(each.right_centimes or 0 for each in done if each.kind is Kind.NOT_CREDITED)
    assert found["512"] == bank.balance_of(bank.settings()[0].merchant)
