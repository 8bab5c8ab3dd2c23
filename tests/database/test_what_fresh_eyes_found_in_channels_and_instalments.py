"""What somebody who had written none of it found in channels and instalments: each once as it went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import date, timedelta
from threading import Event as Signal
from threading import Thread, current_thread

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.bills.models import Agreement, Bill
from bawabati.bills.reads import list_tranches
from bawabati.bills.writes import lock_bills
from bawabati.companies.models import Company
from bawabati.crashpoints import dying_at
from bawabati.flows.compare_channel_file import compare_channel_file
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.mind_instalments import mind_instalments
from bawabati.flows.reserve_bills import ReferenceTaken
from bawabati.flows.settle_channel_difference import CannotTakeIn, How, confirm_channel_end, propose_channel_end
from bawabati.jobs.tasks import letters
from bawabati.money.amount import Money
from bawabati.operations.writes import begin_quarantine
from bawabati.payments.models import ChannelDifference, ChannelFile, Hold, Payment, Reservation
from bawabati.payments.rules.channels import Word
from bawabati.payments.writes import LineToPay
from bawabati.payments.writes.real_bills import on_real_bills
from bawabati.people.models import Staff
from channels import Partner, day_file
from debtors import agree, offer_instalments_at
from desks import add_counter, take
from people import NADIA, NOON, SALIMA, add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("database", "collected")

DUE = Money(1_430_50)
WAITING = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
WAITING_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@pytest.fixture
def bank(company: Company) -> Partner:
    return Partner.of(company)


@contextmanager
def locked_elsewhere(bill: Bill) -> Iterator[None]:
    """Somebody else has the bill locked meanwhile."""
    locked, over = Signal(), Signal()

    def keep() -> None:
        with transaction.atomic():
            lock_bills([bill.id])
            locked.set()
            over.wait(30)
        connection.close()

    thread = Thread(target=copy_context().run, args=[keep])
    thread.start()
    locked.wait(20)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_paid_that_is_said_while_its_reservation_is_being_written_is_heard(bank: Partner, bill: Bill) -> None:
    """The channel got no answer in time and told us of the money: neither of the two may overlook the other."""

    def say() -> None:
        try:
            bank.says("A-1", Word.PAID, DUE)
        finally:
            connection.close()

    thread = Thread(target=copy_context().run, args=[say])

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            return cursor.fetchone() != (0,)

    def meanwhile(name: str) -> None:
        if name != "reserve_bills: reserved: about to hold":
            return
        thread.start()
        while thread.is_alive() and not waits():
            thread.join(0.02)

    with dying_at(meanwhile):
        bank.reserve("A-1", bill)
        thread.join()
    assert Reservation.objects.get().state == "paid"
    assert Payment.objects.get().amount_centimes == DUE.centimes


@pytest.fixture
def only_listed(bank: Partner, bill: Bill) -> ChannelDifference:
    """Money of a bill that only the file tells of; one of the two people has said that it is taken in."""
    bank.brings(day_file(NOON.date(), ("X-1", bill.payment_number, "1430.50", "2026-11-22T12:00:00", "paid")), now=NOON)
    difference = ChannelDifference.objects.get()
    propose_channel_end(
        difference_id=difference.id,
        how=How.TAKEN_IN,
        because="Letter",
        staff=Staff.objects.get(login=SALIMA),
        now=NOON,
    )
    return difference


def take_in(difference: ChannelDifference) -> ChannelDifference:
    """The other of the two people agrees."""
    nadia = Staff.objects.get(login=NADIA)
    return confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=nadia, now=NOON)


def just_before_the_end_of(name: str, first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """What two say or raise, of whom the second comes while the transaction `name` of the first is about to hold."""
    said: list[object] = []

    def speak(one: Callable[[], object]) -> None:
        try:
            said.append(one())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            said.append(error)

    def beside() -> None:
        speak(second)
        connection.close()

    thread = Thread(target=copy_context().run, args=[beside])

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING_FOR_US)
            return cursor.fetchone() != (0,)

    def meanwhile(reached: str) -> None:
        if reached != f"{name}: about to hold" or current_thread() is thread:
            return
        thread.start()
        while thread.is_alive() and not waits():
            thread.join(0.02)

    with dying_at(meanwhile):
        first_said = first()
        thread.join()
    return [first_said, *said]


@pytest.mark.parametrize("is_the_same_bill", [True, False])
def test_what_is_reserved_while_it_is_taken_in_from_a_file_is_refused_not_broken(
    bank: Partner, bill: Bill, only_listed: ChannelDifference, *, is_the_same_bill: bool
) -> None:
    wanted = bill if is_the_same_bill else add_bill(bill.company, seed=2)
    _, refused = just_before_the_end_of(
        "reserve_bills: reserved", lambda: bank.reserve("X-1", wanted), lambda: take_in(only_listed)
    )
    assert isinstance(refused, CannotTakeIn)
    assert (Reservation.objects.get().state, Payment.objects.count()) == ("reserved", 0)
    only_listed.refresh_from_db()
    assert only_listed.ended_at is None
    bank.says("X-1", Word.PAID, DUE)
    compare_channel_file(file_id=ChannelFile.objects.get().id, now=NOON)
    only_listed.refresh_from_db()
    assert (only_listed.ended_at is not None, Payment.objects.count()) == (is_the_same_bill, 1)


@pytest.mark.parametrize("is_the_same_bill", [True, False])
def test_what_is_taken_in_from_a_file_while_it_is_reserved_is_there_once(
    bank: Partner, bill: Bill, only_listed: ChannelDifference, *, is_the_same_bill: bool
) -> None:
    wanted = bill if is_the_same_bill else add_bill(bill.company, seed=2)
    _, answer = just_before_the_end_of(
        "settle_channel_difference: confirmed", lambda: take_in(only_listed), lambda: bank.reserve("X-1", wanted)
    )
    reservation = Reservation.objects.get()
    assert (reservation.state, reservation.is_from_file, Payment.objects.count()) == ("paid", True, 1)
    assert answer == reservation if is_the_same_bill else isinstance(answer, ReferenceTaken)


def test_a_desk_that_takes_over_a_bill_waits_for_no_other_bill_of_the_reservation(
    bank: Partner, company: Company
) -> None:
    """Bills are locked in the order of their ids: who goes back for an earlier one may wait for ever."""
    early, late = add_arrears(company, 1_000_00, 2_000_00)
    assert early.id < late.id
    counter = add_counter(company)
    bank.reserve("A-1", early, late)

    def sell() -> int:
        try:
            return take(counter, late, in_spite_of="Le client est ici").id
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as desk, locked_elsewhere(early):
        sale_id = desk.submit(copy_context().run, sell).result(timeout=15)
    assert [hold.sale_id for hold in Hold.objects.all()] == [sale_id]


def test_what_is_heard_to_be_paid_on_a_day_that_was_compared_is_compared_again(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    bank.brings(day_file(date(2026, 11, 22)), now=NOON + timedelta(days=1))
    days_later = NOON + timedelta(days=5)
    said = Said(word=Word.PAID, amount=DUE, paid_at=NOON)
    before = ProcrastinateJob.objects.filter(task_name="compare_channel_file").count()

    hear_channel(channel=bank.channel, reference="A-1", said=said, now=days_later)

    jobs = ProcrastinateJob.objects.filter(task_name="compare_channel_file").order_by("id")
    assert len(jobs) == before + 1
    compare_channel_file(file_id=jobs[before].args["file_id"], now=days_later)
    difference = ChannelDifference.objects.get(ended_at=None)
    assert (difference.kind, difference.reference) == ("not_in_file", reservation.reference)


@pytest.fixture
def bills(company: Company) -> list[Bill]:
    offer_instalments_at(company)
    return add_arrears(company, 1_000_00, 2_000_00, 3_000_00)


@pytest.fixture
def agreement(company: Company, bills: list[Bill]) -> Agreement:
    return agree(company, bills)


def test_money_for_a_tranche_of_an_agreement_that_is_over_finds_its_bills_locked(
    agreement: Agreement, bills: list[Bill]
) -> None:
    """Cash that was taken while the line was cut: whose bill it settles, nobody else may be settling."""
    mind_instalments(agreement_id=agreement.id, now=NOON + timedelta(days=40))
    tranche = list_tranches(agreement.id)[0]

    def free() -> list[int]:
        try:
            with transaction.atomic():
                rows = Bill.objects.select_for_update(skip_locked=True).filter(id__in=[bill.id for bill in bills])
                return [bill.id for bill in rows]
        finally:
            connection.close()

    with transaction.atomic():
        lock_bills([tranche.id])
        with ThreadPoolExecutor(max_workers=1) as other:
            assert other.submit(copy_context().run, free).result() == []
        line = LineToPay(bill_id=tranche.id, bill_version=tranche.version, amount=Money(1_500_00))
        lines = on_real_bills([line])
    assert [(line.bill_id, line.amount.centimes) for line in lines] == [
        (bills[0].id, 1_000_00),
        (bills[1].id, 500_00),
    ]


@pytest.mark.parametrize(("is_shut", "state"), [(False, "lapsed"), (True, "agreed")])
def test_time_breaks_no_agreement_while_a_restored_installation_is_shut(
    agreement: Agreement, *, is_shut: bool, state: str
) -> None:
    Bill.objects.filter(tranche_of=agreement).update(due_on=date(2026, 1, 4))
    if is_shut:
        begin_quarantine(backup_made_at=NOON, backup_file="of-the-night.backup", now=NOON)
    letters.mind_instalments(timestamp=0)
    agreement.refresh_from_db()
    assert agreement.state == state


def test_an_agreement_that_cannot_be_judged_keeps_no_other_waiting(
    company: Company, agreement: Agreement, bills: list[Bill]
) -> None:
    stranger = add_bill(company, seed=7)
    other = agree(company, [stranger])
    Bill.objects.filter(tranche_of=other).update(due_on=date(2026, 1, 4))
    Bill.objects.filter(tranche_of=agreement).delete()
    add_bill(company, seed=8, customer_number=bills[0].customer.number)
    assert agreement.id < other.id
    letters.mind_instalments(timestamp=0)
    other.refresh_from_db()
    assert other.state == "lapsed"
