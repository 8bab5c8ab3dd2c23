"""Receipts on the paper of a desk: the original once, duplicates counted, by the agency's printer if there is one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agency import At, add_agency
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.flows.open_session import open_session
from bawabati.flows.print_at_desk import PrintedAtDesk, print_at_desk
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_card import take_card
from bawabati.flows.take_cash import take_cash
from bawabati.money.amount import Money
from bawabati.payments.models import ReaderOrder, Sale
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import ReceiptPrint
from people import add_bill

PRINTER = {"printer": {"host": "192.168.7.30", "port": 9100}}


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


def paid_in_cash(at: At) -> Sale:
    session = open_session(desk_id=at.first.id, counted={1_000_00: 5}, staff=at.warda, now=timezone.now())
    bill = add_bill(at.company)
    left = Money(bill.due_centimes)
    return take_cash(
        session_id=session.id,
        seen=[SeenBill(bill_id=bill.id, version=1, left=left, amount=left)],
        start_key="key",
        tendered=Money.dinars(5000),
        language="fr",
        in_spite_of="",
        staff=at.warda,
        now=timezone.now(),
    )


def printed(sale: Sale, at: At) -> PrintedAtDesk:
    return print_at_desk(sale_id=sale.id, staff=at.warda, now=timezone.now())


def test_the_first_print_is_the_original_and_each_later_one_a_counted_duplicate(at: At) -> None:
    sale = paid_in_cash(at)
    first, second, third = (printed(sale, at) for _ in range(3))
    assert [one.copy_number for one in (first, second, third)] == [0, 1, 2]
    assert not first.by_bridge
    assert ["DUPLICATA" in {line.text for line in one.roll.lines} for one in (first, second)] == [False, True]
    assert ReceiptPrint.objects.count() == 2


def test_the_printer_beside_the_reader_prints_and_opens_the_drawer_once(at: At) -> None:
    bridge = Bridge.objects.create(company=at.company, agency=at.agency, name="AG07")
    place = {"company": at.company, "agency": at.agency, "desk": at.first, "bridge": bridge}
    Reader.objects.create(**place, serial="1", protocol="nexo", poi_id="SIM-1", options=PRINTER)
    sale = paid_in_cash(at)
    assert printed(sale, at).by_bridge
    assert printed(sale, at).by_bridge
    orders = ReaderOrder.objects.filter(kind="print").order_by("id")
    assert [order.body["drawer"] for order in orders] == [True, False]
    assert all(order.body["cut"] and order.body["qr"] and order.body["lines"] for order in orders)


def test_a_sale_without_a_receipt_gives_a_provisional_slip(at: At) -> None:
    Reader.objects.create(company=at.company, agency=at.agency, serial="TPE-1", desk=at.first)
    session = open_session(desk_id=at.first.id, counted={}, staff=at.warda, now=timezone.now())
    bill = add_bill(at.company)
    left = Money(bill.due_centimes)
    seen = [SeenBill(bill_id=bill.id, version=1, left=left, amount=left)]
    told = {"start_key": "key", "language": "fr", "in_spite_of": "", "staff": at.warda, "now": timezone.now()}
    sale = take_card(session_id=session.id, seen=seen, **told)
    slip = printed(sale, at)
    assert slip.copy_number == 0
    assert any("Ne présentez pas la carte" in line.text for line in slip.roll.lines)
    assert not ReceiptPrint.objects.exists()


def test_a_cashier_of_another_agency_prints_nothing(at: At) -> None:
    sale = paid_in_cash(at)
    with pytest.raises(NotAllowed):
        print_at_desk(sale_id=sale.id, staff=at.samir, now=timezone.now())
