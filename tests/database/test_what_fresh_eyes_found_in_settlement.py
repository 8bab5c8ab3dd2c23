"""What somebody who had written none of it found in settlement and in payment files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.export_payments import export_payments
from bawabati.flows.keep_statement_profile import keep_statement_profile
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.settle_difference import confirm_ending, propose_ending
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from bawabati.flows.steps.settled_day import look_at_settlement
from bawabati.jobs.tasks.files import settle_again
from bawabati.reports.models import PaymentFileLine
from bawabati.settlement.models import Difference, FeeTable, Remittance
from bawabati.settlement.rules import DEFAULT_PROFILES, DifferenceState, Ending, NothingProposed
from bawabati.settlement.writes import write_fee_table
from outside import Outside
from paying import ended, reference, start
from people import AMINAS_CARD, NOON, add_bill, add_company
from settling import DAY, World, balances, credit, items, line, of_payment, received, salima

pytestmark = pytest.mark.usefixtures("database")
DUE = DAY + timedelta(days=3)


@pytest.fixture
def water(database: None) -> Company:  # noqa: ARG001
    return add_company()


@pytest.fixture
def world_of(behind_the_scenes: psycopg.Connection[Any]) -> Iterator[Callable[[Company], World]]:
    """Whatever a test does, the books of settlement agree afterwards."""
    yield lambda company: World(company, behind_the_scenes)
    names = {check.name for check in OF_SETTLEMENT if check.invariant != "I10"}
    assert [found for found in check_books(now=NOON) if found.check in names] == []


@pytest.fixture
def world(water: Company, world_of: Callable[[Company], World]) -> World:
    return world_of(water)


def test_the_first_files_tell_the_whole_past_however_long(water: Company) -> None:
    session = open_desk(add_agency(water))
    for seed in range(60, 65):
        cash(session, add_bill(water, seed=seed))
    later = NOON + timedelta(days=30)
    made = export_payments(company_id=water.id, staff=None, now=later, lines_of_a_file=2)
    assert [file.line_count for file in made] == [2, 2, 1]
    assert PaymentFileLine.objects.count() == 5


def _short_credit(world: World, water: Company, folder: Path) -> Difference:
    received(folder, water, [of_payment(world.pay())])
    received(folder, water, [credit(143050 - 5000)], profile="bank")
    return Difference.objects.get(kind="credit_differs")


def _settle(item: Difference, world: World, ending: Ending) -> None:
    own = {"company_id": item.company_id, "difference_id": item.id, "now": NOON}
    propose_ending(**own, ending=ending, because="bank says so", staff=world.salima)
    confirm_ending(**own, staff=world.nadia)


def test_the_rest_of_a_credit_that_people_gave_up_comes_and_is_an_item_again(
    water: Company, world: World, tmp_path: Path
) -> None:
    item = _short_credit(world, water, tmp_path)
    _settle(item, world, Ending.LOSS)
    received(tmp_path, water, [credit(5000, day=DUE + timedelta(days=1))], profile="bank", name="RELEVE_1_20261123.csv")
    assert items(water) == [("credit_differs", 0, 5000)]
    assert balances(water)["512"] == 143050
    _settle(Difference.objects.get(id=item.id), world, Ending.GAIN)
    assert items(water) == []
    assert "4715" not in balances(water)


def test_a_proposal_falls_when_the_sum_it_was_about_changes(water: Company, world: World, tmp_path: Path) -> None:
    item = _short_credit(world, water, tmp_path)
    own = {"company_id": water.id, "difference_id": item.id, "now": NOON}
    propose_ending(**own, ending=Ending.LOSS, because="a small fee", staff=world.salima)
    received(
        tmp_path, water, [credit(-100000, day=DUE + timedelta(days=1))], profile="bank", name="RELEVE_1_20261123.csv"
    )
    item.refresh_from_db()
    assert (item.state, item.proposed, item.proposed_by_id) == (DifferenceState.OPEN, "", None)
    assert (item.amount_centimes, item.posted_centimes) == (-105000, -105000)
    with pytest.raises(NothingProposed):
        confirm_ending(**own, staff=world.nadia)


def test_a_remittance_whose_file_tells_no_day_of_value_is_missed_too(
    water: Company, world: World, tmp_path: Path
) -> None:
    rows = [of_payment(world.pay()).rsplit(";", 1)[0] + ";"]
    received(tmp_path, water, rows)
    received(
        tmp_path,
        water,
        [credit(1, reference="X9", label="VIREMENT", day=DAY)],
        profile="bank",
        name="RELEVE_1_20261119.csv",
    )
    look_for_missing(company_id=water.id, now=NOON + timedelta(days=10))
    assert ("remittance_not_credited", -143050, 0) in items(water)


def test_a_file_of_three_days_leaves_no_day_without_a_file(water: Company, world: World, tmp_path: Path) -> None:
    received(
        tmp_path,
        water,
        [of_payment(world.pay(day=DAY - timedelta(days=1)), day=DAY - timedelta(days=1))],
        name="SATIM_1_20261118.csv",
    )
    days = [DAY, DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]
    paid = [world.pay(day=day) for day in days]
    unseen = world.pay(20000, day=DAY)
    look_for_missing(company_id=water.id, now=NOON + timedelta(days=2))
    assert ("missing_file", -306100, 0) in items(water)
    received(
        tmp_path,
        water,
        [of_payment(one, day=day) for one, day in zip(paid, days, strict=True)],
        name="SATIM_1_20261121.csv",
    )
    look_for_missing(company_id=water.id, now=NOON + timedelta(days=10))
    found = items(water)
    assert [item for item in found if item[0] == "missing_file"] == []
    assert ("missing_at_bank", -20000, 0) in found
    assert Difference.objects.get(kind="missing_at_bank").payment_id == unseen


def test_an_absurd_sum_of_a_line_is_a_bad_line_and_stops_no_matching(
    water: Company, world: World, tmp_path: Path
) -> None:
    write_fee_table(
        company_id=water.id,
        way="",
        from_on=DAY,
        tiers=[{"rate_ppm": 1_000_000}],
        vat_ppm=1_000_000,
        least_centimes=0,
        cap_centimes=None,
        because="contract",
        written_by_id=salima().id,
        now=NOON,
    )
    most, absurd = 10**12, 9 * 10**14
    lines = [of_payment(world.pay(), gross=most), of_payment(world.pay(), gross=absurd)]
    statement = received(tmp_path, water, lines, keep_bad_lines=True)
    assert (statement.line_count, statement.bad_count) == (1, 1)
    assert ("amount_differs", most - 143050, most - 143050) in items(water)


def test_a_short_credit_is_one_difference_of_its_day(water: Company, world: World, tmp_path: Path) -> None:
    _short_credit(world, water, tmp_path)
    found = look_at_settlement(company_id=water.id, day=DAY).differences
    assert [(one.kind, one.about, one.amount_centimes) for one in found] == [
        ("settlement_difference", "credit_differs", -5000)
    ]


def test_a_file_that_cannot_be_matched_keeps_no_other_company_waiting(
    water: Company, world: World, tmp_path: Path
) -> None:
    other = add_company(code="alger")
    FeeTable.objects.create(
        company=other,
        from_on=DAY,
        tiers=[],
        vat_ppm=0,
        because="never written so",
        written_by=salima(),
        written_at=NOON,
    )
    stuck = received(tmp_path, other, [of_payment(1)], matched=False)
    waits = received(tmp_path, water, [of_payment(world.pay())], matched=False)
    settle_again(timestamp=0)
    for statement in (stuck, waits):
        statement.refresh_from_db()
    assert stuck.matched_at is None
    assert waits.matched_at is not None


def test_a_file_sent_again_is_not_counted_again_though_an_earlier_one_had_told_its_lines(
    water: Company, world: World, tmp_path: Path
) -> None:
    web, more = world.pay(), world.pay(20000)
    received(tmp_path, water, [of_payment(web)])
    received(tmp_path, water, [of_payment(web, remittance="R2")], name="SATIM_1_20261120.csv")
    again = [of_payment(web, remittance="R2"), of_payment(more, gross=20000, remittance="R2")]
    received(tmp_path, water, again, name="SATIM_1_20261120_b.csv")
    assert Remittance.objects.get(number="R2").net_centimes == 143050 + 20000


def test_the_file_of_a_credit_that_people_took_for_a_gain_comes_after_all(
    water: Company, world: World, tmp_path: Path
) -> None:
    received(tmp_path, water, [credit(143050)], profile="bank")
    _settle(Difference.objects.get(kind="credit_without_remittance"), world, Ending.GAIN)
    received(tmp_path, water, [of_payment(world.pay())])
    assert items(water) == [("credit_without_remittance", 0, -143050)]
    _settle(Difference.objects.get(kind="credit_without_remittance"), world, Ending.LOSS)
    received(tmp_path, water, [of_payment(world.pay(), remittance="R2")], name="SATIM_1_20261119_b.csv")
    assert items(water) == []
    assert balances(water) == {
        "511": -286100,
        "5115": 143050,
        "512": 143050,
        "6588": 143050,
        "7588": -143050,
    }


def test_a_chargeback_whose_net_is_wrong_leaves_an_item_of_it_when_it_is_settled(
    outside: Outside, company: Company, bill: Bill, world_of: Callable[[Company], World], tmp_path: Path
) -> None:
    world = world_of(company)
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    ended(payment)
    names: Any = {"order": payment.order_number, "reference": reference(payment), "day": NOON.date()}
    back = line("IMPAYE", gross=-143050, fee=5000, vat=950, net=-143050, **names)
    received(tmp_path, company, [line(**names), back], name="S_20261122.csv")
    _settle(Difference.objects.get(kind="chargeback"), world, Ending.REVERSED)
    assert items(company) == [("net_differs", 5950, 5950)]


def another_format(company: Company) -> None:
    """Another profile of a bank; that its words and balances differ is what matters."""
    keep_statement_profile(
        company_id=company.id,
        code="bank-copy",
        layout=DEFAULT_PROFILES["bank"],
        is_active=True,
        staff=salima(),
        now=NOON,
    )


def test_a_day_of_the_bank_in_two_formats_moves_money_once(water: Company, world: World, tmp_path: Path) -> None:
    received(tmp_path, water, [of_payment(world.pay())])
    received(tmp_path, water, [credit(143050), credit(900, reference="X", label="VIREMENT")], profile="bank")
    before = balances(water)
    other = [credit(143050, label="CARTES REMISE CARTES R1"), credit(900, reference="Y", label="VIR")]
    another_format(water)
    received(tmp_path, water, other, profile="bank-copy", name="AUTRE_20261122.csv")
    assert balances(water) == before
    assert items(water) == [("repeated_line", 0, 0)]


def test_a_week_of_the_bank_some_days_of_which_came_in_another_format_moves_money_once(
    water: Company, world: World, tmp_path: Path
) -> None:
    received(tmp_path, water, [of_payment(world.pay()), of_payment(world.pay(), remittance="R2")])
    received(tmp_path, water, [credit(143050)], profile="bank")
    another_format(water)
    next_day = DUE + timedelta(days=1)
    told = [credit(143050, reference="R2", label="CARTES R2", day=next_day)]
    received(tmp_path, water, told, profile="bank-copy", name="AUTRE_20261123.csv")
    before = balances(water)
    week = [credit(143050), credit(143050, reference="R2", label="REMISE CARTES R2", day=next_day)]
    received(tmp_path, water, week, profile="bank", name="RELEVE_1_20261123.csv")
    assert balances(water) == before
    assert items(water) == [("repeated_line", 0, 0)]


def test_another_account_at_the_bank_is_no_repetition(water: Company, world: World, tmp_path: Path) -> None:
    received(tmp_path, water, [of_payment(world.pay()), of_payment(world.pay(), remittance="R2")])
    received(tmp_path, water, [credit(143050)], profile="bank")
    other = [credit(143050, reference="R2", label="REMISE CARTES R2"), credit(901, reference="Y", label="VIR")]
    another_format(water)
    received(tmp_path, water, other, profile="bank-copy", name="AUTRE_20261122.csv")
    assert items(water) == []
    assert balances(water)["512"] == 2 * 143050
