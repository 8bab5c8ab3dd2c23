"""Files of the acquirer and the bank meet our books: what agrees is posted, what does not is an item with its sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.match_statement import match_open_lines, match_statement
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from bawabati.settlement.models import Difference, Match, Remittance, Statement, StatementLine
from bawabati.settlement.reads import three_way
from bawabati.settlement.rules import BadLines, TotalMissing
from bawabati.settlement.writes import write_fee_table
from people import NOON, add_company
from settling import DAY, World, balances, credit, items, line, of_payment, of_sale, received, salima

pytestmark = pytest.mark.usefixtures("database")
MUCH_LATER = NOON + timedelta(days=10)


@pytest.fixture
def water(database: None) -> Company:  # noqa: ARG001
    return add_company()


@pytest.fixture
def world(water: Company, behind_the_scenes: psycopg.Connection[Any]) -> Iterator[World]:
    """Whatever a test does, the books of settlement agree afterwards."""
    yield World(water, behind_the_scenes)
    names = {check.name for check in OF_SETTLEMENT if check.invariant != "I10"}
    assert [found for found in check_books(now=NOON) if found.check in names] == []


def fees(company: Company, **terms: Any) -> None:  # noqa: ANN401 - as a fee table has them
    write_fee_table(
        **{
            "company_id": company.id,
            "way": "",
            "from_on": date(2026, 1, 1),
            "tiers": [{"rate_ppm": 10_000}],
            "vat_ppm": 190_000,
            "least_centimes": 0,
            "cap_centimes": None,
            "because": "contract",
            "written_by_id": salima().id,
            "now": NOON,
        }
        | terms
    )


def test_a_day_that_agrees_ends_in_the_bank_without_an_item(water: Company, world: World, tmp_path: Path) -> None:
    fees(water)
    web, card = world.pay(), world.sell()
    received(tmp_path, water, [of_payment(web, fee=1431, vat=272), of_sale(card, fee=500, vat=95)])
    assert balances(water) == {"4456": 367, "511": -143050, "5113": -50000, "5115": 190752, "627": 1931}
    received(tmp_path, water, [credit(190752)], profile="bank")
    assert items(water) == []
    assert balances(water) == {"4456": 367, "511": -143050, "5113": -50000, "512": 190752, "627": 1931}
    both = three_way(company_id=water.id, day=DAY)
    assert both.agrees
    assert (both.remitted_centimes, both.credited_centimes, both.remittance_count) == (190752, 190752, 1)
    assert [(one.way, one.our_centimes, one.their_gross_centimes, one.matched_count) for one in both.channels] == [
        ("web", 143050, 143050, 1),
        ("card", 50000, 50000, 1),
    ]


def test_the_same_file_twice_changes_nothing(water: Company, world: World, tmp_path: Path) -> None:
    web = world.pay()
    first = received(tmp_path, water, [of_payment(web)])
    before = balances(water)
    again = received(tmp_path, water, [of_payment(web)], name="renamed_20261119.csv")
    match_statement(statement_id=first.id, now=NOON)
    assert (again.id, Statement.objects.count(), balances(water), items(water)) == (first.id, 1, before, [])


def test_a_file_with_another_byte_is_one_item_and_no_money(water: Company, world: World, tmp_path: Path) -> None:
    lines = [of_payment(world.pay()), of_payment(world.pay())]
    received(tmp_path, water, lines)
    before = balances(water)
    again = received(tmp_path, water, [*lines, of_payment(world.pay())], name="SATIM_1_20261119_b.csv")
    assert again.repeated_count == 2
    assert items(water) == [("repeated_line", 0, 0)]
    assert balances(water) == {"511": before["511"] - 143050, "5115": before["5115"] + 143050}


@pytest.mark.parametrize("in_another_file", [True, False])
def test_a_line_that_the_bank_pays_twice_stands_apart(
    water: Company, world: World, tmp_path: Path, *, in_another_file: bool
) -> None:
    web = world.pay()
    if in_another_file:
        received(tmp_path, water, [of_payment(web)])
        received(tmp_path, water, [of_payment(web, remittance="R2")], name="SATIM_1_20261119_b.csv")
        received(
            tmp_path, water, [credit(143050), credit(143050, reference="R2", label="REMISE CARTES")], profile="bank"
        )
    else:
        received(tmp_path, water, [of_payment(web), of_payment(web)])
        received(tmp_path, water, [credit(286100)], profile="bank")
    assert items(water) == [("repeated_line", 143050, 143050)]
    assert balances(water) == {"4715": -143050, "511": -143050, "512": 286100}


def test_each_thing_that_is_wrong_with_a_line_is_one_item(water: Company, world: World, tmp_path: Path) -> None:
    fees(water, tiers=[{"fixed": 1000}], vat_ppm=190_000)
    good, amount, fee, vat, net = (world.pay() for _ in range(5))
    received(
        tmp_path,
        water,
        [
            of_payment(good, fee=1000, vat=190),
            of_payment(amount, gross=143150, fee=1000, vat=190),
            of_payment(fee, fee=1500, vat=285),
            of_payment(vat, fee=1000, vat=200),
            of_payment(net, fee=1000, vat=190, net=141859),
            line(gross=7700, order="9999999999", reference="nobody"),
        ],
    )
    assert items(water) == [
        ("amount_differs", 100, 100),
        ("fee_differs", 500, -500),
        ("vat_differs", 10, -10),
        ("net_differs", -1, -1),
        ("not_ours", 7700, 7700),
    ]
    books = balances(water)
    assert books["4715"] == -(100 - 500 - 10 - 1 + 7700)
    assert (books["511"], books["627"], books["4456"]) == (-5 * 143050, 5000, 5 * 190 + 95)
    assert books["5115"] == Remittance.objects.get().net_centimes
    assert sum(books.values()) == 0


def test_a_refund_in_a_later_file_and_one_that_nobody_knows(water: Company, world: World, tmp_path: Path) -> None:
    web = world.pay()
    world.give_back(web, 50000, day=DAY + timedelta(days=1))
    later = DAY + timedelta(days=1)
    received(tmp_path, water, [of_payment(web)])
    received(
        tmp_path,
        water,
        [
            line("REMBOURSEMENT", gross=-50000, order=f"{web:010}", reference=f"ref-{web}", day=later, remittance="R2"),
            line("REMBOURSEMENT", gross=-600, order=f"{web:010}", reference=f"ref-{web}", day=later, remittance="R2"),
        ],
        name="SATIM_1_20261120.csv",
    )
    assert items(water) == [("refund_not_ours", -600, -600)]
    received(
        tmp_path, water, [credit(143050), credit(-50600, reference="R2", label="REMISE CARTES R2")], profile="bank"
    )
    assert balances(water) == {"4715": 600, "511": -93050, "512": 92450}


def test_a_chargeback_is_an_item_until_two_people_write_the_reversal_down(
    water: Company, world: World, tmp_path: Path
) -> None:
    web = world.pay()
    received(tmp_path, water, [of_payment(web)])
    back = line("IMPAYE", gross=-143050, order=f"{web:010}", reference=f"ref-{web}", remittance="R2")
    received(tmp_path, water, [back], name="SATIM_1_20261120.csv")
    assert items(water) == [("chargeback", -143050, -143050)]
    world.give_back(web, 143050, kind="reversal")
    match_open_lines(company_id=water.id, now=NOON)
    assert items(water) == []
    assert balances(water) == {}


def test_money_of_an_attempt_that_ended_otherwise_waits_until_it_is_recovered(
    water: Company, world: World, tmp_path: Path
) -> None:
    ended = world.pay(state="declined")
    received(tmp_path, water, [of_payment(ended)])
    assert items(water) == [("paid_but_not_posted_here", 143050, 143050)]
    match_open_lines(company_id=water.id, now=NOON)
    assert items(water) == [("paid_but_not_posted_here", 143050, 143050)]
    recovered = world.pay(order=f"{ended:010}", reference=f"ref-{ended}", recovered_from=ended)
    match_open_lines(company_id=water.id, now=NOON)
    assert items(water) == []
    assert Match.objects.get().payment_id == recovered
    assert balances(water) == {"511": -143050, "5115": 143050}


def test_the_total_of_a_terminal_is_all_its_sales_of_the_day(water: Company, world: World, tmp_path: Path) -> None:
    fees(water, tiers=[{"fixed": 100}], vat_ppm=0)
    for _ in range(3):
        world.sell()
    world.sell(terminal="T2")
    total_line = line("TOTAL_TERMINAL", gross=150000, fee=300, terminal="T1", remittance="")
    received(tmp_path, water, [total_line, line("TOTAL_TERMINAL", gross=49000, fee=100, terminal="T2", remittance="")])
    assert items(water) == [("amount_differs", -1000, -1000)]
    assert Match.objects.count() == 4
    label = "VERSEMENT SATIM TPE T1"
    received(tmp_path, water, [credit(149700, reference="", label=label)], profile="bank")
    assert items(water) == [("amount_differs", -1000, -1000)]
    assert {r.number: r.credit_count for r in Remittance.objects.all()} == {"T1-20261122": 1, "T2-20261122": 0}


def test_one_credit_may_pay_several_days(water: Company, world: World, tmp_path: Path) -> None:
    for place in (1, 2, 3):
        received(
            tmp_path,
            water,
            [of_payment(world.pay(), remittance=f"R26111900{place}")],
            name=f"SATIM_1_2026111{place}.csv",
        )
    together = credit(3 * 143050, reference="R261119003", label="REMISE CARTES R261119001 R261119002 R261119003")
    received(tmp_path, water, [together], profile="bank")
    assert items(water) == [("late_line", 143050, 0)] * 0
    assert set(Remittance.objects.values_list("credited_centimes", flat=True)) == {143050}


def test_a_credit_that_differs_changes_and_ends_with_what_comes_later(
    water: Company, world: World, tmp_path: Path
) -> None:
    received(tmp_path, water, [of_payment(world.pay())])
    received(tmp_path, water, [credit(143000)], profile="bank")
    assert items(water) == [("credit_differs", -50, -50)]
    assert balances(water) == {"4715": 50, "511": -143050, "512": 143000}
    received(tmp_path, water, [credit(50)], profile="bank", name="RELEVE_1_20261123.csv")
    assert items(water) == []
    assert balances(water) == {"511": -143050, "512": 143050}


def test_a_credit_waits_for_its_file_and_ends_when_it_comes(water: Company, world: World, tmp_path: Path) -> None:
    web = world.pay()
    received(
        tmp_path, water, [of_payment(world.pay(day=DAY - timedelta(days=1)), remittance="R0")], name="a20261118.csv"
    )
    received(tmp_path, water, [credit(143050), credit(900, reference="X", label="VIREMENT")], profile="bank")
    look_for_missing(company_id=water.id, now=NOON)
    assert items(water) == [("credit_without_remittance", 143050, 143050), ("missing_file", -143050, 0)]
    received(tmp_path, water, [of_payment(web)])
    assert items(water) == []
    assert balances(water) == {"511": -286100, "512": 143050, "5115": 143050}


def test_what_no_file_shows_by_the_third_day_is_an_item(water: Company, world: World, tmp_path: Path) -> None:
    seen, unseen = world.pay(), world.pay()
    world.give_back(seen, 100, day=DAY)
    cancelled = world.sell()
    world.give_back(cancelled, 50000, kind="reversal")
    received(tmp_path, water, [of_payment(seen)])
    received(tmp_path, water, [credit(1, reference="R9", label="VIREMENT")], profile="bank")
    look_for_missing(company_id=water.id, now=NOON - timedelta(days=1))
    assert items(water) == []
    look_for_missing(company_id=water.id, now=NOON)
    look_for_missing(company_id=water.id, now=NOON)
    assert items(water) == [("missing_at_bank", -143050, 0), ("refund_not_seen", 100, 0)]
    look_for_missing(company_id=water.id, now=MUCH_LATER)
    assert items(water)[2:] == [("remittance_not_credited", -143050, 0)]
    received(tmp_path, water, [of_payment(unseen, remittance="R2")], name="SATIM_1_20261120.csv")
    assert items(water) == [
        ("refund_not_seen", 100, 0),
        ("remittance_not_credited", -143050, 0),
        ("late_line", 143050, 0),
    ]


def test_a_refund_in_a_later_file_is_told_as_late(water: Company, world: World, tmp_path: Path) -> None:
    web = world.pay()
    world.give_back(web, 100, day=DAY)
    received(tmp_path, water, [of_payment(web)])
    received(tmp_path, water, [of_payment(web, gross=-100, kind="REMBOURSEMENT")], name="SATIM_1_20261121.csv")
    assert items(water) == [("late_line", -100, 0)]


def test_refunds_of_a_day_without_a_file_are_no_items_of_their_own(
    water: Company, world: World, tmp_path: Path
) -> None:
    before, gone = world.pay(day=DAY - timedelta(days=1)), world.pay()
    world.give_back(gone, 100, day=DAY)
    received(tmp_path, water, [of_payment(before, remittance="R0")], name="SATIM_1_20261118.csv")
    after = world.pay(day=DAY + timedelta(days=1))
    received(tmp_path, water, [of_payment(after, remittance="R2")], name="SATIM_1_20261120.csv")
    look_for_missing(company_id=water.id, now=NOON)
    look_for_missing(company_id=water.id, now=MUCH_LATER)
    assert [kind for kind, _, _ in items(water)].count("missing_file") == 1
    assert "refund_not_seen" not in [kind for kind, _, _ in items(water)]


def test_a_file_cut_off_or_with_bad_lines_is_refused_whole(water: Company, world: World, tmp_path: Path) -> None:
    good, bad = of_payment(world.pay()), of_payment(world.pay()).replace("10:00:00", "99:99")
    with pytest.raises(TotalMissing):
        received(tmp_path, water, [good], with_total=False)
    with pytest.raises(BadLines):
        received(tmp_path, water, [good, bad])
    assert not Statement.objects.exists()
    statement = received(tmp_path, water, [good, bad], keep_bad_lines=True)
    assert (statement.line_count, statement.bad_count) == (1, 1)
    assert items(water) == [("unreadable_line", 0, 0), ("file_total_differs", 143050, 0)]
    assert StatementLine.objects.get(kind="unreadable").reason == "time_not_readable happened_at"


def test_a_line_is_kept_with_no_card_number_in_it(water: Company, tmp_path: Path) -> None:
    whole = line(order="1", reference="x").replace("6280****7215", "6280581110007215")
    bad = whole.replace("10:00:00", "nonsense")
    received(tmp_path, water, [whole, bad], keep_bad_lines=True)
    kept = [str(vars(row)) for row in StatementLine.objects.all()]
    assert len(kept) == 2
    assert not any("6280581110007215" in text for text in kept)


def test_items_have_an_owner_and_a_promised_day(water: Company, tmp_path: Path) -> None:
    received(tmp_path, water, [line(order="1", reference="x")])
    item = Difference.objects.get()
    assert item.owner == salima()
    assert item.promised_on is not None
    assert item.promised_on > NOON.date()
    assert item.step_count == 1
