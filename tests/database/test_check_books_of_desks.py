"""Each check of the desks' books finds the one difference that is planted behind everybody's back, and says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from agency import FLOAT, add_agency, cash, cheque, open_desk
from bawabati.companies.models import Bridge, Reader
from bawabati.desks.models import DeskSession
from bawabati.flows.check_books import check_books
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.set_aside_block import set_aside_block
from bawabati.flows.steps.book_checks.of_desks import OF_DESKS
from bawabati.flows.steps.book_checks.of_figures import OF_FIGURES
from bawabati.flows.take_card import take_card
from bawabati.flows.take_in_offline_receipt import take_in_offline_receipt
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from paying import seen_now
from people import NOON, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

TODAY, TOMORROW = date(2026, 11, 22), NOON + timedelta(days=1)
EVENING = NOON + timedelta(hours=5)
DUE = 1_430_50
UNKNOWN = "99999999999999"

Planted = Callable[[str], None]


@pytest.fixture
def names() -> dict[str, int]:
    """A signed day with cash, a cheque, a drawer that differs, receipts of a cut line; and a card on the day after."""
    company = add_company()
    at = add_agency(company)
    bridge = Bridge.objects.create(
        company=company, agency=at.agency, name="PC", key_sha256="x" * 64, last_contact_at=EVENING
    )
    Reader.objects.create(
        company=company, agency=at.agency, desk=at.first, bridge=bridge, protocol="nexo", poi_id="SIM1", serial="1"
    )
    session, other = open_desk(at), open_desk(at, second=True)
    sale = cash(session, add_bill(company, seed=1))
    paid_by_cheque = cheque(session, add_bill(company, seed=2))
    block = set_aside_block(desk_id=at.first.id, size=5, staff=at.warda, now=NOON).block
    for number, payment_number in ((1, add_bill(company, seed=3).payment_number), (2, UNKNOWN)):
        take_in_offline_receipt(
            bridge_id=bridge.id,
            block_id=block.id,
            number=number,
            payment_number=payment_number,
            amount=Money(DUE),
            stamp_duty=Money(15_00),
            taken_at=NOON,
            cashier="Warda",
            voided=False,
            now=NOON,
        )
    close(session, at.warda)
    close(other, at.reda)
    again = open_desk(at, now=NOON)
    close(again, at.warda)
    closing = close_agency_day(agency_id=at.agency.id, day=TODAY, staff=at.houria, now=EVENING, signs_unknown=False)
    tomorrow = open_desk(at, now=TOMORROW)
    Bridge.objects.update(last_contact_at=TOMORROW)
    waiting = take_card(
        session_id=tomorrow.id,
        seen=[seen_now(add_bill(company, seed=4))],
        start_key="card",
        language="fr",
        in_spite_of="",
        staff=at.warda,
        now=TOMORROW,
    )
    assert check_books(now=TOMORROW) == []
    return {
        "sale": sale.id,
        "cheque": paid_by_cheque.id,
        "waiting": waiting.id,
        "session": session.id,
        "tomorrow": tomorrow.id,
        "block": block.id,
        "closing": closing.id,
    }


def close(session: DeskSession, staff: Staff) -> None:
    close_session(session_id=session.id, counted=FLOAT, because="counted", staff=staff, now=EVENING, handing_over=False)


@pytest.fixture
def plant(behind_the_scenes: psycopg.Connection[Any], names: dict[str, int]) -> Planted:
    """Runs a statement that nobody may run, past every trigger. `{sale}` and its like are identifiers."""

    def change(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
            changed = behind_the_scenes.execute(statement.format(**names).encode())
            assert changed.rowcount > 0, "nothing was planted"

    return change


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A change that nobody may make, the check that has to name it, and the others that see it too."""

    check: str
    sql: str
    at: str = ""
    also: tuple[str, ...] = ()


PLANTS = (
    Plant(
        check="settled_sale_without_payment",
        sql="UPDATE payments_sale SET amount_centimes = amount_centimes + 1 WHERE id = {sale}",
        at="sale:{sale}",
        also=("sale_is_not_the_sum_of_its_lines",),
    ),
    Plant(
        check="settled_sale_without_payment",
        sql="UPDATE payments_sale SET state = 'declined' WHERE id = {sale}",
        at="sale:{sale}",
        also=("sale_happenings_are_no_path",),
    ),
    Plant(
        check="sale_is_not_the_sum_of_its_lines",
        sql="UPDATE payments_saleline SET amount_centimes = amount_centimes + 1 WHERE sale_id = {waiting}",
        at="sale:{waiting}",
    ),
    Plant(
        check="live_sale_without_hold",
        sql="DELETE FROM payments_hold WHERE sale_id = {waiting}",
        at="sale:{waiting}",
    ),
    Plant(
        check="sale_happenings_are_no_path",
        sql="DELETE FROM payments_salehappening WHERE sale_id = {sale} AND sequence = 1",
        at="sale:{sale}",
    ),
    Plant(
        check="sale_happenings_are_no_path",
        sql="UPDATE payments_sale SET event_count = event_count + 1 WHERE id = {waiting}",
        at="sale:{waiting}",
    ),
    Plant(
        check="stamp_duty_account_differs_from_sales",
        sql="UPDATE payments_sale SET stamp_duty_centimes = 0 WHERE id = {sale}",
        at="account:447",
        also=("cards_account_differs_from_captured",),
    ),
    Plant(
        check="session_without_z",
        sql="UPDATE desks_desksession SET state = 'closed', ended_at = now() WHERE id = {tomorrow}",
        at="desk_session:{tomorrow}",
    ),
    Plant(
        check="z_differs_from_books",
        sql="UPDATE ledger_transfer SET amount_centimes = amount_centimes + 1 WHERE reference = "
        "(SELECT 'payment_line:' || l.id FROM payments_paymentline l "
        "JOIN payments_payment p ON p.id = l.payment_id WHERE p.sale_id = {cheque})",
        also=(
            "books_differ_from_payments",
            "cards_account_differs_from_captured",
            "customers_account_differs_from_bills",
        ),
    ),
    Plant(
        check="cash_difference_differs_from_z",
        sql="DELETE FROM ledger_transfer WHERE reason = 'cash_difference'",
        at="desk_session:{session}",
    ),
    Plant(
        check="z_chain_is_broken",
        sql="UPDATE desks_zreport SET facts = replace(facts, 'Warda', 'Wardi') WHERE session_id = {session}",
    ),
    Plant(
        check="z_chain_is_broken",
        sql="UPDATE desks_zreport SET number = 7 WHERE number = 2",
    ),
    Plant(
        check="chain_of_days_is_broken",
        sql="UPDATE desks_dayclosing SET facts = replace(facts, 'Houria', 'Hourya')",
        at="day_closing:{closing}",
    ),
    Plant(
        check="session_outside_its_signed_day",
        sql="UPDATE desks_desksession SET opened_on = '2026-11-22' WHERE id = {tomorrow}",
        at="desk_session:{tomorrow}",
    ),
    Plant(
        check="desk_open_too_long",
        sql="UPDATE desks_desksession SET opened_at = opened_at - interval '3 days' WHERE id = {tomorrow}",
        at="desk_session:{tomorrow}",
    ),
    Plant(
        check="blocks_differ_from_their_series",
        sql="UPDATE receipts_receiptseries SET last_number = last_number + 1 WHERE kind = 'AG07-C1B'",
        at="number_block:{block}",
    ),
    Plant(
        check="block_has_a_gap",
        sql="DELETE FROM desks_offlinereceipt WHERE number = 5",
        at="number_block:{block}",
    ),
    Plant(
        check="offline_receipt_differs_from_its_money",
        sql="UPDATE desks_offlinereceipt SET amount_centimes = 1 WHERE number = 1",
        at="number_block:{block}/1",
    ),
    Plant(
        check="offline_receipt_differs_from_its_money",
        sql="UPDATE desks_offlinereceipt SET outcome = 'settled' WHERE number = 2",
        at="number_block:{block}/2",
    ),
)


FIGURES = {check.name for check in OF_FIGURES}


@pytest.mark.parametrize("planted", PLANTS, ids=lambda one: one.check)
def test_the_difference_is_found_and_nothing_else(planted: Plant, plant: Planted, names: dict[str, int]) -> None:
    plant(planted.sql)
    found = check_books(now=TOMORROW)
    assert {one.check for one in found} - FIGURES == {planted.check, *planted.also}
    if planted.at:
        assert planted.at.format(**names) in {one.reference for one in found if one.check == planted.check}


def test_every_check_of_desks_has_a_difference_that_it_finds() -> None:
    assert {check.name for check in OF_DESKS} == {one.check for one in PLANTS}
