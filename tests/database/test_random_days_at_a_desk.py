"""Random days at two desks with a line that comes and goes: whatever happens, drawers, reports and books agree."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from agency import FLOAT, FLOAT_CENTIMES, add_agency, cash, cheque, open_desk
from bawabati.bills.models import Bill
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.desks.models import DeskSession, NumberBlock
from bawabati.desks.reads import day_report_of, report_of
from bawabati.errors import CannotDo
from bawabati.flows.check_books import check_books
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.set_aside_block import set_aside_block
from bawabati.flows.take_in_offline_receipt import take_in_offline_receipt
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.workdays import accounting_day
from paying import start
from people import NOON, add_bill

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)
STEPS = 25


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_at_two_desks_the_books_agree_in_the_evening(company: Company, seed: int) -> None:
    random, at, now = Random(seed), add_agency(company), NOON
    bridge = Bridge.objects.create(
        company=company, agency=at.agency, name="PC", key_sha256="x" * 64, last_contact_at=NOON
    )
    Reader.objects.create(
        company=company, agency=at.agency, desk=at.first, bridge=bridge, protocol="nexo", poi_id="SIM1", serial="1"
    )
    bills = [add_bill(company, seed=one, due_centimes=random.randrange(60_00, 4_000_00)) for one in range(8)]
    desks = [open_desk(at), open_desk(at, second=True)]
    block = set_aside_block(desk_id=at.first.id, size=10, staff=at.warda, now=NOON).block
    for step in range(STEPS):
        now += MINUTE
        try:
            happen(random, desks, bridge, block, bills, step=step)
        except CannotDo:
            continue
    Bridge.objects.filter(id=bridge.id).update(last_contact_at=random.choice([now, NOON]))
    now += MINUTE
    z_reports = [
        close_session(
            session_id=session.id,
            counted=FLOAT,
            because="counted",
            staff=at.houria,
            now=now,
            handing_over=True,
        )
        for session in desks
    ]
    closing = close_agency_day(
        agency_id=at.agency.id, day=accounting_day(NOON), staff=at.houria, now=now, signs_unknown=True
    )
    told = [report_of(z) for z in z_reports]
    assert day_report_of(closing).total_centimes == sum(one.total_centimes for one in told)
    assert held_in_drawers() == 0, "the float is not posted, and the drawers hold nothing but it"
    assert all(one.count and one.count.counted_centimes == FLOAT_CENTIMES for one in told)
    assert [one for one in check_books(now=now) if one.invariant != "I10"] == []


def happen(
    random: Random, desks: list[DeskSession], bridge: Bridge, block: NumberBlock, bills: list[Bill], *, step: int
) -> None:
    """One thing, drawn; much of it is refused."""
    bill = Bill.objects.get(id=random.choice(bills).id)
    what = random.choice(["cash", "cheque", "online", "slip", "slip", "spite"])
    if what == "cash":
        cash(random.choice(desks), bill)
    elif what == "spite":
        cash(random.choice(desks), bill, in_spite_of="the customer has closed the page")
    elif what == "cheque":
        cheque(random.choice(desks), bill)
    elif what == "online":
        start(bill.company, bill, key=f"online {step}")
    else:
        take_in_offline_receipt(
            bridge_id=bridge.id,
            block_id=block.id,
            number=random.randint(block.first, block.last),
            payment_number=random.choice([bill.payment_number, bill.payment_number, "99999999999999"]),
            amount=Money(random.choice([bill.due_centimes, 100_00])),
            stamp_duty=Money(random.choice([0, 5_00])),
            taken_at=NOON,
            cashier="Warda",
            voided=random.random() < 0.2,
            now=NOON + MINUTE,
        )


def held_in_drawers() -> int:
    """What the account of cash holds, in centimes."""
    moved = Transfer.objects.select_related("debit", "credit")
    return sum(one.amount_centimes * ((one.debit.code == "53") - (one.credit.code == "53")) for one in moved)
