"""Receipt numbers set aside for a desk while its line is cut: each comes back once, and what does not fit is a case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError

from agency import FLOAT, FLOAT_CENTIMES, At, add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.desks.models import DeskSession, NumberBlock, OfflineReceipt
from bawabati.desks.reads import report_of
from bawabati.desks.rules import (
    BlockExists,
    BlockTooLarge,
    NoBridgeHere,
    NoSuchBlock,
    SessionNotOpen,
    SessionStillOpen,
)
from bawabati.flows.check_books import check_books
from bawabati.flows.close_session import close_session
from bawabati.flows.print_at_desk import print_at_desk
from bawabati.flows.set_aside_block import SetAside, set_aside_block
from bawabati.flows.steps.blocks import blocks_for_bridge
from bawabati.flows.take_in_offline_receipt import NothingTaken, TakenIn, take_in_offline_receipt
from bawabati.flows.void_block import void_block
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import Facts
from paying import start
from people import NOON, add_bill

pytestmark = pytest.mark.usefixtures("database")

DUE, DUTY = 1_430_50, 15_00
LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A desk whose line was cut, and its bridge, which is heard of again."""

    at: At
    session: DeskSession
    bridge: Bridge
    block: NumberBlock
    code: str

    def tells(
        self, number: int, bill: Bill | str, *, amount: int = DUE, duty: int = DUTY, voided: bool = False
    ) -> TakenIn:
        """What the bridge tells of the number."""
        return take_in_offline_receipt(
            bridge_id=self.bridge.id,
            block_id=self.block.id,
            number=number,
            payment_number=bill if isinstance(bill, str) else bill.payment_number,
            amount=Money(amount),
            stamp_duty=Money(duty),
            taken_at=NOON + timedelta(minutes=number),
            cashier="Warda",
            voided=voided,
            now=LATER,
        )

    def closes(self, *, more: int, now: datetime = LATER) -> Any:  # noqa: ANN401 - a ZReport
        Bridge.objects.filter(id=self.bridge.id).update(last_contact_at=now)
        return self.closes_unheard(more=more, now=now)

    def closes_unheard(self, *, more: int, now: datetime = LATER) -> Any:  # noqa: ANN401 - a ZReport
        counted = dict(FLOAT) | {5_00: FLOAT[5_00] + more // 5_00}
        return close_session(
            session_id=self.session.id,
            counted=counted,
            because="counted",
            staff=self.at.warda,
            now=now,
            handing_over=False,
        )


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


def add_bridge(at: At) -> Bridge:
    bridge = Bridge.objects.create(
        company=at.company, agency=at.agency, name="AG07-PC", key_sha256="x" * 64, last_contact_at=NOON
    )
    Reader.objects.create(
        company=at.company,
        agency=at.agency,
        desk=at.first,
        bridge=bridge,
        protocol="nexo",
        poi_id="SIM1",
        serial="1",
    )
    return bridge


@pytest.fixture
def cut(at: At) -> Cut:
    bridge, session = add_bridge(at), open_desk(at)
    aside = aside_for(at)
    return Cut(at=at, session=session, bridge=bridge, block=aside.block, code=aside.code)


def aside_for(at: At, size: int = 20) -> SetAside:
    return set_aside_block(desk_id=at.first.id, size=size, staff=at.warda, now=NOON)


def receipt_of(number: str) -> Facts:
    (receipt,) = [one for one in Receipt.objects.all() if one.facts["number"] == number]
    return Facts.from_json(receipt.facts)


def test_a_block_is_a_stretch_of_the_desks_own_series(cut: Cut) -> None:
    assert (cut.block.kind, cut.block.year, cut.block.first, cut.block.last) == ("AG07-C1B", 2026, 1, 20)
    with pytest.raises(BlockExists):
        aside_for(cut.at)


def test_the_bridge_is_told_of_it_without_the_code(cut: Cut) -> None:
    (told,) = blocks_for_bridge(cut.bridge.id)
    assert (told["block"], told["desk"], told["first"], told["last"], told["next"]) == (
        cut.block.id,
        "AG07-C1",
        1,
        20,
        1,
    )
    salt, _, kept = str(told["code_scrypt"]).partition("$")
    right = hashlib.scrypt(cut.code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()
    assert kept == right
    assert cut.code not in str(told)
    duties = told["stamp_duty"]
    assert isinstance(duties, list)
    assert duties[-1]["brackets"][0] == {"above_centimes": 300_00, "for_each_hundred_dinars_centimes": 100}


@pytest.mark.parametrize("size", [0, 501])
def test_a_block_has_a_bearable_size(at: At, size: int) -> None:
    add_bridge(at)
    open_desk(at)
    with pytest.raises(BlockTooLarge):
        aside_for(at, size)


def test_a_block_needs_a_session_a_bridge_and_its_cashier(at: At) -> None:
    with pytest.raises(SessionNotOpen):
        aside_for(at)
    open_desk(at)
    with pytest.raises(NoBridgeHere):
        aside_for(at)
    with pytest.raises(NotAllowed):
        set_aside_block(desk_id=at.first.id, size=5, staff=at.reda, now=NOON)


def test_what_was_taken_offline_settles_its_bill_under_its_own_number(cut: Cut, bill: Bill) -> None:
    taken = cut.tells(3, bill)
    bill.refresh_from_db()
    assert (taken.case, taken.slip.outcome, bill.settled_centimes) == (None, "settled", DUE)
    facts = receipt_of("2026-AG07-C1B-0000003")
    assert (facts.paid_at_moment, facts.stamp_duty_centimes) == (NOON + timedelta(minutes=3), DUTY)
    assert not Case.objects.exists()
    assert check_books(now=LATER) == []


def test_what_was_printed_offline_is_printed_again_as_a_duplicata(cut: Cut, bill: Bill) -> None:
    cut.tells(1, bill)
    printed = print_at_desk(sale_id=Sale.objects.get().id, staff=cut.at.warda, now=LATER)
    assert printed.copy_number == 1


def test_a_number_comes_back_once_however_often_it_is_told(
    cut: Cut, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    answers = together(*[lambda: cut.tells(1, bill)] * 8)
    assert len({answer.slip.id for answer in answers}) == 1
    assert (Sale.objects.count(), Receipt.objects.count(), Transfer.objects.count()) == (1, 1, 2)


def test_a_bill_that_was_paid_meanwhile_makes_a_surplus(cut: Cut, bill: Bill) -> None:
    other = open_desk(cut.at, second=True)
    cash(other, bill)
    assert cut.tells(1, bill).case == "surplus"
    assert Case.objects.get().kind == "surplus"
    assert check_books(now=LATER) == []


def test_a_bill_that_somebody_pays_online_at_the_moment_is_settled_all_the_same(cut: Cut, bill: Bill) -> None:
    start(cut.at.company, bill)
    assert cut.tells(1, bill).case is None
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE
    assert check_books(now=NOON) == []


def test_cash_for_no_bill_of_ours_waits_on_a_suspense_account(cut: Cut) -> None:
    assert cut.tells(1, "99999999999999").case == "unknown_bill"
    assert cut.tells(1, "99999999999999").case == "unknown_bill"
    posted = {(one.debit.code, one.credit.code, one.amount_centimes) for one in Transfer.objects.all()}
    assert posted == {("53", "471", DUE), ("53", "447", DUTY)}
    case = Case.objects.get(kind="offline_unknown_bill")
    assert (case.amount_centimes, case.details["receipt"]) == (DUE + DUTY, "2026-AG07-C1B-0000001")
    assert not Receipt.objects.exists()
    assert check_books(now=LATER) == []


def test_what_looks_like_a_card_number_is_not_kept(cut: Cut) -> None:
    assert cut.tells(1, "6280581110007215").case == "unknown_bill"
    assert OfflineReceipt.objects.get().payment_number == ""


@pytest.mark.parametrize("amount", [1_000_00, 2_000_00])
def test_another_amount_than_was_due_is_applied_with_a_case(cut: Cut, bill: Bill, amount: int) -> None:
    assert cut.tells(1, bill, amount=amount, duty=10_00).case == "amount_differs"
    bill.refresh_from_db()
    assert bill.settled_centimes == min(amount, DUE)
    assert Case.objects.filter(kind="offline_amount_differs").count() == 1
    assert check_books(now=LATER) == []


def test_two_words_about_one_number_post_both_sums_and_wake_somebody(cut: Cut, company: Company, bill: Bill) -> None:
    other = add_bill(company, seed=2)
    cut.tells(1, bill)
    assert cut.tells(1, other).case == "number_twice"
    assert cut.tells(1, other).case == "number_twice"
    assert cut.tells(1, "99999999999999").case == "number_twice"
    assert cut.tells(1, "99999999999999").case == "number_twice"
    other.refresh_from_db()
    assert other.settled_centimes == DUE
    assert Sale.objects.count() == 2
    assert Case.objects.filter(kind="offline_number_twice").count() == 1
    assert check_books(now=LATER) == []


def test_strangers_and_strange_numbers_are_refused(cut: Cut, bill: Bill) -> None:
    for number in (0, 21):
        with pytest.raises(NoSuchBlock):
            cut.tells(number, bill)
    with pytest.raises(NothingTaken):
        cut.tells(1, bill, amount=0)
    stranger = Bridge.objects.create(company=cut.at.company, agency=cut.at.samir_agency, name="AG08-PC")
    with pytest.raises(NoSuchBlock):
        take_in_offline_receipt(
            bridge_id=stranger.id,
            block_id=cut.block.id,
            number=1,
            payment_number=bill.payment_number,
            amount=Money(DUE),
            stamp_duty=Money(DUTY),
            taken_at=NOON,
            cashier="Warda",
            voided=False,
            now=LATER,
        )


def test_at_closing_unused_numbers_are_void_and_the_z_counts_the_others(cut: Cut, bill: Bill) -> None:
    cut.tells(1, bill)
    cut.tells(2, "99999999999999")
    cut.tells(3, "", voided=True)
    said = report_of(cut.closes(more=2 * (DUE + DUTY)))
    assert (said.offline.count, said.without_bill.count, said.without_bill.centimes) == (2, 1, DUE + DUTY)
    assert said.expected_cash_centimes == FLOAT_CENTIMES + 2 * (DUE + DUTY)
    assert OfflineReceipt.objects.filter(outcome="void").count() == 18
    assert blocks_for_bridge(cut.bridge.id) == []
    assert check_books(now=LATER) == []


def test_a_bridge_that_is_not_heard_of_keeps_its_numbers_and_somebody_is_told(cut: Cut, bill: Bill) -> None:
    cut.closes_unheard(more=0)
    assert not OfflineReceipt.objects.exists()
    assert Case.objects.get().kind == "block_not_returned"
    assert check_books(now=LATER) == []
    cut.tells(1, bill)
    assert Case.objects.filter(kind="offline_after_closing").count() == 1
    void_block(block_id=cut.block.id, because="the computer is gone", staff=cut.at.houria, now=LATER)
    assert OfflineReceipt.objects.filter(outcome="void").count() == 19
    assert Case.objects.get(kind="block_not_returned").state == "closed"
    assert check_books(now=LATER) == []


def test_a_receipt_that_comes_for_a_void_number_is_posted_under_another(cut: Cut, bill: Bill) -> None:
    cut.closes(more=0)
    assert cut.tells(4, bill).case == "number_twice"
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE
    assert receipt_of("2026-AG07-0000001").cashier_name == "Warda"
    assert check_books(now=LATER) == []


def test_only_the_head_voids_numbers_of_a_session_that_is_over(cut: Cut) -> None:
    with pytest.raises(SessionStillOpen):
        void_block(block_id=cut.block.id, because="?", staff=cut.at.houria, now=LATER)
    cut.closes_unheard(more=0)
    with pytest.raises(NotAllowed):
        void_block(block_id=cut.block.id, because="?", staff=cut.at.warda, now=LATER)


def test_the_next_block_goes_on_where_the_last_ended(cut: Cut) -> None:
    cut.closes(more=0)
    open_desk(cut.at, now=LATER)
    assert aside_for(cut.at, 5).block.first == 21


def test_a_slip_is_never_rewritten(cut: Cut, bill: Bill, behind_the_scenes: psycopg.Connection[Any]) -> None:
    cut.tells(1, bill)
    with pytest.raises(psycopg.errors.RestrictViolation):
        behind_the_scenes.execute("DELETE FROM desks_offlinereceipt")
    with pytest.raises(DatabaseError):
        NumberBlock.objects.update(last=100)
