"""What happened since a number, over HTTP: nothing missed, nothing twice, nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.export_payments import export_payments
from bawabati.flows.import_bills import import_bills
from bawabati.flows.read_events import read_events
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.steps.events_numbered import number_what_happened
from bawabati.money.amount import Money
from bawabati.notices.models import Event
from bawabati.notices.rules import EventKind
from bawabati.notices.writes import Happened, write_events
from bawabati.operations.writes import begin_quarantine
from bawabati.payments.rules import RefundReason
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt
from bawabati.reports.models import PaymentFileLine
from bawabati.scope import every_company
from machines import Machine
from outside import Outside
from paying import start
from people import AMINAS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database", "collected")

HEAD = "payment number;bill number;customer number;name;period;issued on;due on;due;status;line:Eau"


@pytest.fixture
def billing(company: Company) -> Machine:
    return Machine.of(company, "payments:read")


def happen(company_id: int, count: int = 1) -> None:
    body = {"accounted_on": "2026-11-22", "amount_centimes": 1, "bills": []}
    happened = [Happened(EventKind.CREDIT_USED, body)] * count
    write_events(company_id=company_id, happened=happened, now=NOON)


def everything(billing: Machine, *, limit: int = 2) -> list[dict[str, Any]]:
    """As a billing system reads: page by page, from the last number."""
    found: list[dict[str, Any]] = []
    after, has_more = 0, True
    while has_more:
        page = billing.get("events", after=after, limit=limit).json()
        found += page["events"]
        after, has_more = page["next_sequence"], page["has_more"]
    return found


@pytest.mark.usefixtures("receipt")
def test_a_payment_is_told_with_what_it_took_off_which_bill(billing: Machine, bill: Bill) -> None:
    paid, settled = everything(billing)
    receipt = Receipt.objects.get()
    assert paid == {
        "sequence": 1,
        "kind": "payment.paid",
        "at": paid["at"],
        "accounted_on": "2026-11-22",
        "amount_centimes": 1_430_50,
        "payment": {
            "id": receipt.payment_id,
            "order_number": receipt.payment.order_number,
            "way": "web",
            "agency": "",
            "receipt_number": receipt.facts["number"],
        },
        "refund": None,
        "bills": [
            {
                "bill_number": bill.bill_number,
                "payment_number": bill.payment_number,
                "customer_number": "C000001",
                "period": bill.period,
                "taken_off_centimes": 1_430_50,
                "due_again_centimes": 0,
                "surplus_centimes": 0,
            }
        ],
    }
    assert (settled["kind"], settled["bills"][0]["bill_number"]) == ("bill.settled", bill.bill_number)
    only = billing.get("events", kind="bill.settled").json()
    assert [event["sequence"] for event in only["events"]] == [2]


def test_events_and_payment_files_say_the_same_of_every_bill(
    outside: Outside, company: Company, bill: Bill, billing: Machine, tmp_path: Path
) -> None:
    """Paid, lowered, credit put to another bill, and money given back."""
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON)
    path = tmp_path / "bills.csv"
    line = f"{bill.payment_number};{bill.bill_number};{bill.customer.number};A;2026-T3"
    path.write_text(f"{HEAD}\n{line};05/10/2026;05/12/2026;1000,00;;1000,00\n", encoding="utf-8")
    omar = Staff.objects.get(login=OMAR)
    import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=NOON + timedelta(minutes=1))
    other = add_bill(company, seed=2, due_centimes=300_00, customer_number=bill.customer.number)
    apply_credit(
        company=company, payment_number=other.payment_number, amount=None, because="asked", key="w", login=SALIMA,
        now=NOON,
    )  # fmt: skip
    refund = ask_refund(
        payment_id=payment.id, reason=RefundReason.BILL_DUE_AGAIN, amount=Money(900_00), because="by mistake",
        login=SALIMA, now=NOON,
    )  # fmt: skip
    approve_refund(refund_id=refund.id, login=NADIA, now=NOON)
    refund_payment(refund_id=refund.id, now=NOON)
    export_payments(company_id=company.id, staff=None, now=NOON + timedelta(hours=2))
    by_files = {
        (line.bill_number, line.kind): (line.amount_centimes, line.surplus_centimes)
        for line in PaymentFileLine.objects.all()
    }
    kinds = {
        "payment.paid": "paid",
        "credit.used": "credit_used",
        "bill.lowered": "lowered",
        "payment.refunded": "due_again",
    }
    told = everything(billing)
    by_events = {
        (one["bill_number"], kinds[event["kind"]]): (
            one["taken_off_centimes"] + one["due_again_centimes"],
            one["surplus_centimes"],
        )
        for event in told
        if event["kind"] in kinds
        for one in event["bills"]
    }
    assert by_events == by_files
    assert len(by_events) == 4
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))


def test_what_commits_late_is_told_with_a_later_number(billing: Machine, company: Company) -> None:
    """The row was written first and committed last: a reader that saw the other one still gets it."""
    written, commits = Signal(), Signal()

    def slow() -> None:
        with every_company("tests look at everything"), transaction.atomic():
            happen(company.id)
            written.set()
            commits.wait(20)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    written.wait(20)
    happen(company.id)
    first = billing.get("events").json()
    commits.set()
    thread.join()
    then = billing.get("events", after=first["next_sequence"]).json()
    assert [event["sequence"] for event in first["events"]] == [1]
    assert [event["sequence"] for event in then["events"]] == [2]
    ids = Event.objects.order_by("sequence").values_list("id", flat=True)
    assert list(ids) == sorted(ids, reverse=True)


def test_after_a_restoration_a_reader_misses_nothing_that_the_backup_did_not_know(company: Company) -> None:
    happen(company.id, 3)
    number_what_happened(company.id)
    seen_before_the_disaster = 50
    begin_quarantine(backup_made_at=NOON, backup_file="of-the-night.backup", now=NOON)
    happen(company.id, 2)
    page = read_events(company_id=company.id, after=seen_before_the_disaster, at_most=10)
    assert len(page.events) == 2
    happen(company.id)
    assert len(read_events(company_id=company.id, after=page.next_sequence, at_most=10).events) == 1


def test_many_readers_and_writers_at_once_leave_no_gap(company: Company, together: Callable[..., list[Any]]) -> None:
    def write() -> None:
        for _ in range(5):
            happen(company.id)

    def read() -> list[int]:
        seen: list[int] = []
        for _ in range(12):
            page = read_events(company_id=company.id, after=seen[-1] if seen else 0, at_most=3)
            seen += [event.sequence or 0 for event in page.events]
        return seen

    for seen in together(*[write] * 6, *[read] * 6):
        assert seen is None or seen == list(range(1, len(seen) + 1))
    number_what_happened(company.id)
    assert sorted(Event.objects.values_list("sequence", flat=True)) == list(range(1, 31))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(pages=st.lists(st.integers(1, 4), min_size=1, max_size=6), written=st.integers(0, 7))
def test_pages_of_any_length_hold_everything_once(
    billing: Machine, company: Company, pages: list[int], written: int
) -> None:
    before = Event.objects.count()
    happen(company.id, written)
    seen, after = [], before
    for limit in [*pages, 1000]:
        page = billing.get("events", after=after, limit=limit).json()
        seen += [event["sequence"] for event in page["events"]]
        after = page["next_sequence"]
    assert seen == list(range(before + 1, before + written + 1))


def test_what_was_told_is_never_rewritten_nor_removed(
    billing: Machine, company: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    happen(company.id)
    billing.get("events")
    for statement in (
        "UPDATE notices_event SET sequence = 9",
        "UPDATE notices_event SET body = '{}'",
        "DELETE FROM notices_event",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation), behind_the_scenes.transaction():
            behind_the_scenes.execute(statement.encode())


def test_nothing_is_told_of_another_company(billing: Machine, receipt: Receipt) -> None:
    stranger = Machine.of(add_company("tlemcen"), "payments:read")
    assert stranger.get("events").json() == {"events": [], "next_sequence": 0, "has_more": False}
    assert stranger.get(f"payments/{receipt.payment_id}").status_code == 404
    assert billing.get(f"payments/{receipt.payment_id}").status_code == 200


def test_a_payment_says_how_it_stands(billing: Machine, receipt: Receipt) -> None:
    told = billing.get(f"payments/{receipt.payment_id}").json()
    assert (told["state"], told["amount_centimes"], told["receipt_number"]) == (
        "paid",
        1_430_50,
        receipt.facts["number"],
    )
    assert told["lines"][0]["settled_centimes"] == 1_430_50


def test_who_may_only_read_bills_reads_no_payments(company: Company) -> None:
    refused = Machine.of(company, "bills:read").get("events")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("query", [{"after": -1}, {"after": 2**63}, {"limit": 0}, {"limit": 1001}, {"kind": "x"}])
def test_a_question_that_makes_no_sense_is_refused_with_words(billing: Machine, query: dict[str, object]) -> None:
    refused = billing.get("events", **query)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_readable")
