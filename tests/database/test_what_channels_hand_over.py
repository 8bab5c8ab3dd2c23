"""What a channel hands over comes as a credit of the bank: two people name the channel, and what stays owed is seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.settle_difference import confirm_ending, propose_ending, refuse_ending
from bawabati.jobs.tasks import files
from bawabati.money.amount import Money
from bawabati.payments.rules.channels import Word
from bawabati.people.models import Staff
from bawabati.settlement.models import Difference
from bawabati.settlement.rules import DifferenceKind, Ending, EndingNotPossible, endings_of
from channels import Partner
from people import NADIA, NOON, add_bill, add_company
from settling import balances, credit, items, line, received, salima

pytestmark = pytest.mark.usefixtures("database")
DUE = 143050
SOON, LATE = NOON + timedelta(days=9), NOON + timedelta(days=11)


@pytest.fixture
def water(database: None) -> Iterator[Company]:  # noqa: ARG001
    """Two bills were paid by the post; whatever a test does, the books agree afterwards."""
    company = add_company()
    post = Partner.of(company, "La Poste")
    for seed in (1, 2):
        post.reserve(f"A-{seed}", add_bill(company, seed=seed))
        post.says(f"A-{seed}", Word.PAID, Money(DUE))
    yield company
    waiting = {"case_past_its_promise", "case_without_owner"}
    assert [found for found in check_books(now=NOON) if found.check not in waiting] == []


def handed_over(folder: Path, company: Company, centimes: int) -> None:
    """The bank credits it under words that name no remittance, and two people say whose it is."""
    received(folder, company, [credit(centimes, reference="V77", label="REMISE CIB POSTE")], profile="bank")
    item = Difference.objects.get(kind="credit_without_remittance")
    about = {"company_id": company.id, "difference_id": item.id, "now": NOON}
    propose_ending(**about, ending=Ending.CHANNEL, channel="laposte", because="Avis 77", staff=salima())
    confirm_ending(**about, staff=Staff.objects.get(login=NADIA))


def test_two_people_say_which_channel_has_handed_over_a_credit(water: Company, tmp_path: Path) -> None:
    handed_over(tmp_path, water, 2 * DUE)
    assert items(water) == []
    assert balances(water) == {"411": -2 * DUE, "512": 2 * DUE}


def test_what_it_has_not_handed_over_for_ten_days_is_a_case_until_it_has(water: Company, tmp_path: Path) -> None:
    look_for_missing(company_id=water.id, now=LATE)
    assert not Case.objects.filter(kind="channel_owes").exists(), "no bank file has ever come"
    handed_over(tmp_path, water, DUE)
    look_for_missing(company_id=water.id, now=SOON)
    assert not Case.objects.filter(kind="channel_owes").exists()
    for _ in range(2):
        look_for_missing(company_id=water.id, now=LATE)
    case = Case.objects.get(kind="channel_owes")
    assert (case.amount_centimes, case.details["channel"]) == (DUE, "laposte")
    received(tmp_path, water, [credit(DUE, reference="V78", label="REMISE CIB")], profile="bank", name="R_20261126.csv")
    item = Difference.objects.get(state="open", kind="credit_without_remittance")
    about = {"company_id": water.id, "difference_id": item.id, "now": NOON}
    propose_ending(**about, ending=Ending.CHANNEL, channel="laposte", because="Avis 78", staff=salima())
    confirm_ending(**about, staff=Staff.objects.get(login=NADIA))
    look_for_missing(company_id=water.id, now=LATE)
    case.refresh_from_db()
    assert case.state == "closed"


@pytest.mark.parametrize(
    ("ending", "channel"), [(Ending.CHANNEL, ""), (Ending.CHANNEL, "nobody"), (Ending.GAIN, "laposte")]
)
def test_a_credit_is_a_known_channels_or_nobodys(water: Company, tmp_path: Path, ending: Ending, channel: str) -> None:
    received(tmp_path, water, [credit(DUE, reference="V77", label="REMISE CIB POSTE")], profile="bank")
    item = Difference.objects.get(kind="credit_without_remittance")
    with pytest.raises(EndingNotPossible):
        propose_ending(
            company_id=water.id,
            difference_id=item.id,
            ending=ending,
            channel=channel,
            because="x",
            staff=salima(),
            now=NOON,
        )


def test_only_a_credit_without_remittance_can_be_a_channels() -> None:
    may = {kind for kind in DifferenceKind if Ending.CHANNEL in endings_of(kind, posted_centimes=1)}
    assert may == {DifferenceKind.CREDIT_WITHOUT_REMITTANCE}
    assert Ending.CHANNEL not in endings_of(DifferenceKind.CREDIT_WITHOUT_REMITTANCE, posted_centimes=0)


def test_a_credit_that_was_no_channels_after_all_goes_back_to_what_that_channel_owes(
    water: Company, tmp_path: Path
) -> None:
    Partner.of(water, "BaridiMob")
    handed_over(tmp_path, water, DUE)
    received(tmp_path, water, [line(remittance="V77", reference="unknown", order="1")])
    item = Difference.objects.get(kind="credit_without_remittance")
    assert (item.state, item.posted_centimes) == ("open", -DUE)
    about = {"company_id": water.id, "difference_id": item.id, "now": NOON}
    with pytest.raises(EndingNotPossible):
        propose_ending(**about, ending=Ending.CHANNEL, channel="baridimob", because="Avis 77", staff=salima())
    propose_ending(**about, ending=Ending.LOSS, because="Avis 77", staff=salima())
    refuse_ending(**about, because="no loss", staff=Staff.objects.get(login=NADIA))
    propose_ending(**about, ending=Ending.CHANNEL, channel="laposte", because="Avis 77", staff=salima())
    confirm_ending(**about, staff=Staff.objects.get(login=NADIA))
    assert balances(water)["5116"] == 2 * DUE
    assert [kind for kind, _, _ in items(water)] == ["not_ours"]


def test_a_company_that_cannot_be_looked_at_keeps_no_other_waiting(
    water: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = add_company("aaa-first", user_name="SAT2", terminal_id="E2")
    looked = []

    def look(*, company_id: int, **_more: object) -> None:
        looked.append(company_id)
        if company_id == other.id:
            raise ValueError

    monkeypatch.setattr(files, "look_for_missing_flow", look)
    files.look_for_missing(timestamp=0)
    assert set(looked) == {water.id, other.id}
