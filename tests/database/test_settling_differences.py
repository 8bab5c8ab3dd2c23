"""People settle what does not agree: one alone where no book changes, two where one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.flows.check_books import check_books
from bawabati.flows.import_statement import import_statement
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.match_statement import match_open_lines, match_statement
from bawabati.flows.recover_payment import recover_payment
from bawabati.flows.settle_difference import (
    comment_difference,
    confirm_ending,
    promise_difference,
    propose_ending,
    refuse_ending,
    take_difference,
)
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from bawabati.ledger.models import Transfer
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.people.rules import NotAllowed, SamePerson
from bawabati.settlement.models import Difference, Match, Statement
from bawabati.settlement.reads import find_profile, list_steps
from bawabati.settlement.rules import (
    DifferenceEnded,
    DifferenceProposed,
    Ending,
    EndingNotPossible,
    NoSuchDifference,
    NothingProposed,
    PromiseNotPossible,
)
from outside import Outside
from paying import ended, ended_with_money, reference, start
from people import AMINAS_CARD, NADIA, NOON, OMAR, add_company
from settling import DAY, World, balances, credit, items, line, of_payment, received, salima

pytestmark = pytest.mark.usefixtures("database")
SOON = NOON + timedelta(hours=1)


@pytest.fixture
def water(database: None) -> Iterator[Company]:  # noqa: ARG001
    """Whatever a test does, the books of settlement agree afterwards."""
    yield add_company()
    names = {check.name for check in OF_SETTLEMENT if check.invariant != "I10"} | {"posted_to_another_account"}
    assert [found for found in check_books(now=NOON) if found.check in names] == []


def nadia() -> Staff:
    found = find_staff(NADIA)
    assert found is not None
    return found


def the(company: Company, kind: str) -> dict[str, Any]:
    return {
        "company_id": company.id,
        "difference_id": Difference.objects.get(company=company, kind=kind).id,
        "now": SOON,
    }


def test_a_comment_a_promise_and_an_owner_stand_beside_the_item(water: Company, tmp_path: Path) -> None:
    received(tmp_path, water, [line(order="1", reference="x")])
    own = the(water, "not_ours")
    Difference.objects.update(owner=None)
    take_difference(**own, staff=salima())
    take_difference(**own, staff=salima())
    comment_difference(**own, staff=salima(), words="Asked SATIM by letter.")
    promise_difference(**own, staff=salima(), promised_on=DAY + timedelta(days=20))
    steps = list_steps(company_id=water.id, difference_id=own["difference_id"])
    assert [(step.step, step.words) for step in steps] == [
        ("opened", ""),
        ("taken", ""),
        ("commented", "Asked SATIM by letter."),
        ("promised", ""),
    ]
    assert Difference.objects.get().owner == salima()
    with pytest.raises(PromiseNotPossible):
        promise_difference(**own, staff=salima(), promised_on=DAY)
    with pytest.raises(LooksLikeACardNumber):
        comment_difference(**own, staff=salima(), words="card 6280581110007215")


def test_what_stands_apart_takes_two_people(water: Company, tmp_path: Path) -> None:
    received(tmp_path, water, [line(order="1", reference="x", gross=5000)])
    own = the(water, "not_ours")
    for impossible in (Ending.EXPLAINED, Ending.LOSS, Ending.REVERSED):
        with pytest.raises(EndingNotPossible):
            propose_ending(**own, staff=salima(), ending=impossible, because="so it is")
    with pytest.raises(NothingProposed):
        confirm_ending(**own, staff=nadia())
    propose_ending(**own, staff=salima(), ending=Ending.GAIN, because="nobody wants it back")
    with pytest.raises(DifferenceProposed):
        propose_ending(**own, staff=salima(), ending=Ending.FEE, because="or so")
    with pytest.raises(SamePerson):
        confirm_ending(**own, staff=salima())
    refuse_ending(**own, staff=nadia(), because="ask once more")
    assert items(water) == [("not_ours", 5000, 5000)]
    propose_ending(**own, staff=salima(), ending=Ending.GAIN, because="asked twice")
    confirm_ending(**own, staff=nadia())
    assert items(water) == []
    assert balances(water) == {"5115": 5000, "7588": -5000}
    with pytest.raises(DifferenceEnded):
        confirm_ending(**own, staff=nadia())


def test_the_database_refuses_one_person_too(water: Company, tmp_path: Path) -> None:
    received(tmp_path, water, [line(order="1", reference="x")])
    propose_ending(**the(water, "not_ours"), staff=salima(), ending=Ending.GAIN, because="mine")
    with pytest.raises(IntegrityError):
        Difference.objects.update(state="ended", posted_centimes=0, ended_at=SOON, ended_by=salima())


def test_people_without_the_role_and_of_another_company_settle_nothing(water: Company, tmp_path: Path) -> None:
    received(tmp_path, water, [line(order="1", reference="x")])
    own = the(water, "not_ours")
    omar = find_staff(OMAR)
    assert omar is not None
    with pytest.raises(NotAllowed):
        take_difference(**own, staff=omar)
    other = add_company("alger")
    with pytest.raises((NoSuchDifference, NotAllowed)):
        take_difference(**own | {"company_id": other.id}, staff=salima())


def test_a_file_told_again_is_explained_by_one_person(
    water: Company, behind_the_scenes: psycopg.Connection[Any], tmp_path: Path
) -> None:
    web = World(water, behind_the_scenes).pay()
    received(tmp_path, water, [of_payment(web)])
    received(tmp_path, water, [of_payment(web), of_payment(web, at="11:00:00", remittance="R2")], name="b_20261119.csv")
    propose_ending(**the_of(water, posted=0), staff=salima(), ending=Ending.EXPLAINED, because="sent twice")
    assert items(water) == [("repeated_line", 143050, 143050)]


def the_of(company: Company, *, posted: int) -> dict[str, Any]:
    item = Difference.objects.get(company=company, posted_centimes=posted)
    return {"company_id": company.id, "difference_id": item.id, "now": SOON}


def test_what_people_accepted_of_a_credit_is_not_set_apart_again(
    water: Company, behind_the_scenes: psycopg.Connection[Any], tmp_path: Path
) -> None:
    received(tmp_path, water, [of_payment(World(water, behind_the_scenes).pay())])
    received(tmp_path, water, [credit(143000)], profile="bank")
    own = the(water, "credit_differs")
    propose_ending(**own, staff=salima(), ending=Ending.LOSS, because="the bank's own fee")
    confirm_ending(**own, staff=nadia())
    assert balances(water) == {"511": -143050, "512": 143000, "6588": 50}
    received(tmp_path, water, [credit(-20)], profile="bank", name="RELEVE_1_20261124.csv")
    assert items(water) == [("credit_differs", -70, -20)]
    received(tmp_path, water, [credit(20, label="REMISE CARTES R1 BIS")], profile="bank", name="RELEVE_1_20261125.csv")
    assert items(water) == []
    assert balances(water) == {"511": -143050, "512": 143000, "6588": 50}


def test_a_payment_that_nobody_debited_is_reversed_by_two_people(
    outside: Outside, company: Company, bill: Bill, tmp_path: Path
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    ended(payment)
    first = payment.accounted_on
    assert first is not None
    received(tmp_path, company, [line(day=first, order="1", reference="other")], name=f"S_{first:%Y%m%d}.csv")
    look_for_missing(company_id=company.id, now=NOON + timedelta(days=4))
    own = the(company, "missing_at_bank")
    propose_ending(**own, staff=salima(), ending=Ending.REVERSED, because="SATIM never took it")
    confirm_ending(**own, staff=nadia())
    bill.refresh_from_db()
    assert bill.settled_centimes == 0
    assert [kind for kind, _, _ in items(company)] == ["not_ours"]
    assert balances(company).get("511", 0) == 0
    look_for_missing(company_id=company.id, now=NOON + timedelta(days=9))
    assert [kind for kind, _, _ in items(company)] == ["not_ours"]


def test_a_chargeback_that_is_lost_makes_the_bill_due_again(
    outside: Outside, company: Company, bill: Bill, tmp_path: Path
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    ended(payment)
    names: Any = {"order": payment.order_number, "reference": reference(payment), "day": NOON.date()}
    received(tmp_path, company, [line(**names), line("IMPAYE", gross=-143050, **names)], name="S_20261122.csv")
    own = the(company, "chargeback")
    propose_ending(**own, staff=salima(), ending=Ending.REVERSED, because="the cardholder won")
    confirm_ending(**own, staff=nadia())
    bill.refresh_from_db()
    assert bill.settled_centimes == 0
    assert (items(company), balances(company)) == ([], {})
    assert Match.objects.count() == 2


def test_money_of_an_ended_attempt_is_recovered_because_a_file_shows_it(
    outside: Outside, company: Company, bill: Bill, tmp_path: Path
) -> None:
    attempt = ended_with_money(outside, company, bill)
    names: Any = {"order": attempt.order_number, "reference": reference(attempt), "day": NOON.date()}
    received(tmp_path, company, [line(**names)], name="S_20261122.csv")
    assert items(company) == [("paid_but_not_posted_here", 143050, 143050)]
    assert _jobs() == [("match_statement",), ("recover_payment",)]
    recover_payment(payment_id=attempt.id, now=SOON)
    match_open_lines(company_id=company.id, now=SOON)
    assert items(company) == []
    bill.refresh_from_db()
    assert bill.settled_centimes == 143050


def _jobs() -> list[tuple[str]]:
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - settings first

    names = ProcrastinateJob.objects.filter(task_name__in=["match_statement", "recover_payment"]).order_by("id")
    return [(name,) for name in names.values_list("task_name", flat=True)]


# --- two at once ---


def test_two_who_bring_the_same_file_at_once_bring_it_once(
    water: Company,
    behind_the_scenes: psycopg.Connection[Any],
    together: Callable[..., list[Any]],
    tmp_path: Path,
) -> None:
    world = World(water, behind_the_scenes)
    first = received(tmp_path, water, [of_payment(world.pay())], matched=False)
    profile = find_profile(company_id=water.id, code="satim")
    assert profile is not None
    (path,) = tmp_path.glob("*.csv")
    path.write_text(path.read_text() + "\n")

    def bring() -> int:
        return import_statement(
            company_id=water.id, profile_id=profile.id, file_name="b_20261119.csv", path=path, staff=salima(), now=NOON
        ).statement.id

    ids = together(*[bring] * 4)
    assert len(set(ids)) == 1
    assert Statement.objects.count() == 2
    together(
        *[lambda: match_statement(statement_id=first.id, now=NOON)] * 3,
        *[lambda: match_statement(statement_id=ids[0], now=NOON)] * 3,
    )
    assert Match.objects.count() == 1
    assert items(water) == [("repeated_line", 0, 0)]
    assert balances(water) == {"511": -143050, "5115": 143050}


def test_two_who_confirm_at_once_change_the_books_once(
    water: Company, together: Callable[..., list[Any]], tmp_path: Path
) -> None:
    received(tmp_path, water, [line(order="1", reference="x", gross=5000)])
    own = the(water, "not_ours")
    propose_ending(**own, staff=salima(), ending=Ending.GAIN, because="found")

    def confirm() -> str:
        try:
            confirm_ending(**own, staff=nadia())
        except (DifferenceEnded, NothingProposed) as refusal:
            return refusal.code
        return "done"

    assert sorted(together(*[confirm] * 4)) == ["difference_ended"] * 3 + ["done"]
    assert Transfer.objects.filter(reason="difference_ended").count() == 1
