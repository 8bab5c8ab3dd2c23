"""What fresh eyes found in channels the second time: each once as it went wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillNotPayable
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.resolve_reservation import confirm_reservation_end, propose_reservation_end
from bawabati.flows.settle_channel_difference import CannotTakeIn, How, confirm_channel_end, propose_channel_end
from bawabati.flows.steps.hear_channel import NoSuchReservation
from bawabati.flows.take_in_channel_file import take_in_channel_file
from bawabati.flows.watch_channel_files import watch_channel_files
from bawabati.keyset import At
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import ChannelDifference, ChannelFile, EarlyWord, Hold, Payment, Reservation
from bawabati.payments.reads.channels import find_newest_file, list_unclear_reservations
from bawabati.payments.rules.channels import ReservationEvent, Word
from bawabati.people.models import Staff
from channels import Partner, day_file
from people import NADIA, NOON, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database", "collected")

DUE = Money(1_430_50)
TODAY = date(2026, 11, 22)
DAYS_LATER = NOON + timedelta(days=4)


@pytest.fixture
def bank(company: Company) -> Partner:
    return Partner.of(company)


@pytest.fixture
def silent(bank: Partner, bill: Bill) -> Reservation:
    """A reservation whose time was over without a word."""
    reservation = bank.reserve("A-1", bill)
    go_on_with_reservation(reservation_id=reservation.id, now=NOON + timedelta(minutes=16))
    return reservation


def staff(login: str) -> Staff:
    return Staff.objects.get(login=login)


def unclear(company: Company) -> list[int]:
    rows = list_unclear_reservations(company_id=company.id, now=DAYS_LATER, at=At(rows=50)).rows
    return [reservation.id for reservation in rows]


def test_what_a_channel_without_files_says_nothing_of_has_an_owner_and_two_people_end_it(
    company: Company, silent: Reservation
) -> None:
    watch_channel_files(channel=silent.channel, now=NOON + timedelta(days=2))
    assert not Case.objects.exists()
    for _ in range(2):
        watch_channel_files(channel=silent.channel, now=DAYS_LATER)
    case = Case.objects.get()
    assert (case.kind, case.details["reservations"], case.owner.login) == ("channel_silent", 1, SALIMA)
    assert unclear(company) == [silent.id]

    said = propose_reservation_end(
        reservation_id=silent.id,
        what=ReservationEvent.CONFIRMED_NOT_PAID,
        because="Letter of the bank",
        staff=staff(SALIMA),
        now=DAYS_LATER,
    )
    ended = confirm_reservation_end(
        reservation_id=silent.id, seen=said.event_count, agrees=True, staff=staff(NADIA), now=DAYS_LATER
    )
    assert ended.state == "not_paid"
    watch_channel_files(channel=silent.channel, now=DAYS_LATER)
    case.refresh_from_db()
    assert case.state == "closed"
    assert unclear(company) == []
    assert check_books(now=NOON) == []


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(("since", "is_silent"), [(TODAY, False), (TODAY + timedelta(days=1), True)])
def test_a_day_whose_file_is_expected_has_an_owner_already(bank: Partner, since: date, *, is_silent: bool) -> None:
    bank.channel.files_since = since
    bank.channel.save()
    watch_channel_files(channel=bank.channel, now=NOON + timedelta(days=3, hours=1))
    kinds = set(Case.objects.values_list("kind", flat=True))
    assert ("channel_silent" in kinds) is is_silent
    assert "channel_file_missing" in kinds


@pytest.mark.parametrize("sums", [(DUE, Money(100)), (Money(100), DUE)])
def test_two_sums_that_are_said_too_early_are_both_kept_and_looked_at(
    bank: Partner, bill: Bill, sums: tuple[Money, Money]
) -> None:
    for amount in (*sums, sums[0]):
        with pytest.raises(NoSuchReservation):
            bank.says("A-1", Word.PAID, amount)
    assert EarlyWord.objects.count() == 2
    assert "said_otherwise" in Case.objects.get(kind="channel_unknown").details

    assert bank.reserve("A-1", bill).state == "paid"

    payment = Payment.objects.get()
    assert payment.amount_centimes == DUE.centimes
    said = Case.objects.get(kind="channel_mismatch").state
    assert said == ("open" if sums[0] == DUE else "closed")
    assert check_books(now=NOON) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_money_that_came_first_is_surplus_when_its_bill_was_paid_elsewhere(
    bank: Partner, bill: Bill, *, is_open: bool
) -> None:
    with pytest.raises(NoSuchReservation):
        bank.says("A-1", Word.PAID, DUE)
    bank.reserve("A-2", bill)
    bank.says("A-2", Word.PAID, DUE)
    bank.channel.is_open = is_open
    bank.channel.save()
    wanted = Bill(payment_number=bill.payment_number, due_centimes=DUE.centimes)
    bank.channel.refresh_from_db()

    assert bank.reserve("A-1", wanted).state == "paid"

    assert Payment.objects.count() == 2
    assert set(Case.objects.filter(state="open").values_list("kind", flat=True)) == {"surplus"}
    assert Transfer.objects.get(reason="surplus").amount_centimes == DUE.centimes
    assert not Hold.objects.exists()
    assert check_books(now=NOON) == []


def test_money_that_came_first_counts_although_somebody_else_holds_the_bill(bank: Partner, bill: Bill) -> None:
    with pytest.raises(NoSuchReservation):
        bank.says("A-1", Word.PAID, Money(100))
    other = bank.reserve("A-2", bill)
    assert bank.reserve("A-1", bill).state == "pending"
    assert Hold.objects.get().reservation_id == other.id
    assert check_books(now=NOON) == []


def test_what_was_only_cancelled_too_early_is_refused_as_before(bank: Partner, bill: Bill) -> None:
    with pytest.raises(NoSuchReservation):
        bank.says("A-1", Word.CANCELLED)
    bank.reserve("A-2", bill)
    with pytest.raises(BillNotPayable):
        bank.reserve("A-1", bill)


def unknown_line(bill: Bill, reference: str = "X-1") -> tuple[str, str, str, str, str]:
    return reference, bill.payment_number, "1430.50", "2026-11-22T12:00:00", "paid"


def test_a_difference_that_the_newest_file_no_longer_names_is_not_taken_in(bank: Partner, bill: Bill) -> None:
    bank.brings(day_file(TODAY, unknown_line(bill)), now=NOON)
    difference = ChannelDifference.objects.get()
    propose_channel_end(difference_id=difference.id, how=How.TAKEN_IN, because="Letter", staff=staff(SALIMA), now=NOON)
    take_in_channel_file(channel=bank.channel, content=day_file(TODAY), name="b", staff=None, now=NOON)
    with pytest.raises(CannotTakeIn):
        confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=staff(NADIA), now=NOON)
    assert not Payment.objects.exists()


def test_a_file_that_was_replaced_and_comes_again_is_looked_at_and_counts_when_a_person_brings_it(
    bank: Partner, company: Company, bill: Bill
) -> None:
    other = add_bill(company, seed=2)
    first, second = day_file(TODAY, unknown_line(bill)), day_file(TODAY, unknown_line(other, "X-2"))
    for content in (first, second, first, first):
        bank.brings(content, now=NOON)
    newest = find_newest_file(channel_id=bank.channel.id, day=TODAY)
    assert newest is not None
    assert (newest.name, ChannelFile.objects.count()) == ("day.csv", 2)
    assert set(ChannelDifference.objects.filter(ended_at=None).values_list("reference", flat=True)) == {"X-2"}
    case = Case.objects.get(kind="channel_file_again")
    assert case.state == "open"

    again = take_in_channel_file(channel=bank.channel, content=first, name="by hand", staff=staff(SALIMA), now=NOON)

    assert ChannelFile.objects.count() == 3
    assert find_newest_file(channel_id=bank.channel.id, day=TODAY) == again
    case.refresh_from_db()
    assert case.state == "closed"
    once_more = take_in_channel_file(channel=bank.channel, content=first, name="x", staff=staff(SALIMA), now=NOON)
    assert once_more == again


def test_a_moment_that_is_yet_to_come_is_not_believed(bank: Partner, company: Company, bill: Bill) -> None:
    """Its day would be compared with a file that comes years later."""
    bank.reserve("A-1", bill)
    said = Said(word=Word.PAID, amount=DUE, paid_at=NOON + timedelta(days=3000))
    hear_channel(channel=bank.channel, reference="A-1", said=said, now=NOON)
    assert Reservation.objects.get().paid_at is None
    other = add_bill(company, seed=2)
    early = Said(word=Word.PAID, amount=DUE, paid_at=NOON + timedelta(days=3000))
    with pytest.raises(NoSuchReservation):
        hear_channel(channel=bank.channel, reference="A-2", said=early, now=NOON)
    assert bank.reserve("A-2", other).paid_at is None
    bank.brings(day_file(TODAY), now=NOON + timedelta(days=1))
    assert set(ChannelDifference.objects.values_list("kind", flat=True)) == {"not_in_file"}
