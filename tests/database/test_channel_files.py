"""A channel's daily file beside our books: what it ends, what differs and has an owner, days of which none comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bawabati.adapters.channelfiles.contract import (
    ChannelFileColumnsWrong,
    ChannelFileCutOff,
    ChannelFileNotReadable,
    ChannelFileTotalsDiffer,
)
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.compare_channel_file import compare_channel_file
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.resolve_reservation import confirm_reservation_end, propose_reservation_end
from bawabati.flows.settle_channel_difference import (
    CannotTakeIn,
    ChannelDifferenceEnded,
    How,
    NobodyHasSaid,
    confirm_channel_end,
    propose_channel_end,
)
from bawabati.flows.take_in_channel_file import ChannelDayNotPossible, take_in_channel_file
from bawabati.flows.watch_channel_files import watch_channel_files
from bawabati.money.amount import Money
from bawabati.payments.models import ChannelDifference, ChannelFile, Hold, Payment, Reservation
from bawabati.payments.rules.channels import ReservationEvent, Word
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, NotAllowed, SamePerson
from channels import Partner, day_file
from people import AMINAS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill

TODAY = date(2026, 11, 22)
TOMORROW = NOON + timedelta(days=1)
DUE = Money(1_430_50)
AT_NOON = "2026-11-22T12:00:00+01:00"


@pytest.fixture
def bank(company: Company) -> Partner:
    return Partner.of(company)


def line(reference: str, bill: Bill, outcome: str = "paid", dinars: str = "1430.50") -> tuple[str, str, str, str, str]:
    return (reference, bill.payment_number, dinars, AT_NOON, outcome)


def open_differences() -> list[tuple[str, str]]:
    return list(ChannelDifference.objects.filter(ended_at=None).order_by("id").values_list("kind", "reference"))


def people(company: Company) -> tuple[Staff, Staff]:
    return (
        get_staff_allowed(login=SALIMA, action=Action.SETTLE_DIFFERENCE, company_id=company.id),
        get_staff_allowed(login=NADIA, action=Action.CONFIRM_DIFFERENCE, company_id=company.id),
    )


def test_a_day_that_says_what_we_say_leaves_nothing_to_do(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, DUE)
    file = bank.brings(day_file(TODAY, line("A-1", bill)), now=TOMORROW)
    assert (file.paid_count, file.paid_centimes, file.compared_at) == (1, DUE.centimes, TOMORROW)
    assert open_differences() == []
    assert check_books(now=NOON) == []


def test_the_same_file_twice_changes_nothing(bank: Partner, bill: Bill) -> None:
    content = day_file(TODAY, line("A-9", bill))
    first, second = (bank.brings(content, now=TOMORROW) for _ in range(2))
    assert first.id == second.id
    assert ChannelFile.objects.count() == ChannelDifference.objects.count() == Case.objects.count() == 1


@pytest.mark.parametrize(("outcome", "state"), [("paid", "paid"), ("cancelled", "not_paid"), ("failed", "not_paid")])
def test_the_file_ends_what_is_pending(bank: Partner, bill: Bill, outcome: str, state: str) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    bank.brings(day_file(TODAY, line("A-1", bill, outcome)), now=TOMORROW)
    assert Reservation.objects.get().state == state
    assert Payment.objects.count() == (state == "paid")
    assert not Hold.objects.exists()
    assert open_differences() == []
    assert check_books(now=NOON) == []


def test_pending_in_the_file_too_stays_pending(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    bank.brings(day_file(TODAY, line("A-1", bill, "pending")), now=TOMORROW)
    assert Reservation.objects.get().state == "pending"
    assert Hold.objects.exists()


def test_money_that_only_the_file_tells_of_is_posted(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    go_on_with_reservation(reservation_id=reservation.id, now=NOON + timedelta(minutes=16))
    bank.brings(day_file(TODAY, line("A-1", bill)), now=TOMORROW)
    assert Reservation.objects.get().state == "paid"
    assert check_books(now=NOON) == []


def test_money_of_what_was_cancelled_is_posted_beside_it(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.CANCELLED)
    bank.brings(day_file(TODAY, line("A-1", bill)), now=TOMORROW)
    assert Reservation.objects.get().state == "cancelled"
    assert Payment.objects.get().state == "paid"
    assert Case.objects.get().kind == "channel_paid_after_end"
    assert open_differences() == []


def test_what_no_file_of_its_days_names_has_ended_without_money(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)

    def go_on(days: int) -> str:
        return go_on_with_reservation(reservation_id=reservation.id, now=NOON + timedelta(days=days))

    assert go_on(1) == "released"
    bank.brings(day_file(TODAY), now=TOMORROW)
    assert go_on(2) == "released", "its time was over on the day after: two more days may name it"
    for days in (1, 2):
        bank.brings(day_file(TODAY + timedelta(days=days)), now=TOMORROW + timedelta(days=days))
    assert go_on(4) == "expired"
    assert check_books(now=NOON) == []


def test_missing_different_and_unknown_lines_are_named_and_owned(bank: Partner, company: Company, bill: Bill) -> None:
    bills = [bill, *(add_bill(company, seed=seed) for seed in (2, 3, 4))]
    for number, each in enumerate(bills[:3]):
        bank.reserve(f"A-{number}", each)
        bank.says(f"A-{number}", Word.PAID, DUE)
    bank.brings(
        day_file(
            TODAY, line("A-1", bills[1], dinars="1430.00"), line("A-2", bills[2], "cancelled"), line("X", bills[3])
        ),
        now=TOMORROW,
    )
    assert sorted(open_differences()) == [
        ("amount_differs", "A-1"),
        ("not_in_file", "A-0"),
        ("not_ours", "X"),
        ("outcome_differs", "A-2"),
    ]
    cases = Case.objects.filter(kind="channel_difference").select_related("owner")
    assert {case.owner.login for case in cases} == {SALIMA}
    assert cases.count() == 4
    assert check_books(now=NOON) == []


def test_a_newer_file_of_the_day_ends_what_it_explains(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, DUE)
    wrong = day_file(TODAY)
    bank.brings(wrong, now=TOMORROW)
    assert open_differences() == [("not_in_file", "A-1")]
    bank.brings(day_file(TODAY, line("A-1", bill)), now=TOMORROW)
    assert open_differences() == []
    assert Case.objects.get().state == "closed"
    bank.brings(wrong, now=TOMORROW)
    assert open_differences() == [], "a file that comes again changes nothing"


def test_around_midnight_the_neighbours_file_explains_it(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, DUE)
    bank.brings(day_file(TODAY), now=TOMORROW)
    assert open_differences() == [("not_in_file", "A-1")]
    bank.brings(day_file(TODAY + timedelta(days=1), line("A-1", bill)), now=TOMORROW + timedelta(days=1))
    assert open_differences() == []


def test_what_people_have_said_is_found_in_the_file_of_its_own_day(bank: Partner, company: Company, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    salima, nadia = people(company)
    later = NOON + timedelta(days=3)
    said = propose_reservation_end(
        reservation_id=reservation.id,
        what=ReservationEvent.CONFIRMED_PAID,
        because="letter",
        staff=salima,
        now=later,
    )
    confirm_reservation_end(reservation_id=reservation.id, seen=said.event_count, agrees=True, staff=nadia, now=later)
    bank.brings(day_file(TODAY + timedelta(days=3)), now=later)
    assert open_differences() == [("not_in_file", "A-1")]
    bank.brings(day_file(TODAY, line("A-1", bill)), now=later)
    assert open_differences() == []
    bank.brings(day_file(TODAY + timedelta(days=3), ("B", "1", "1.00", AT_NOON, "cancelled")), now=later)
    assert open_differences() == []


def test_two_people_take_in_money_that_nobody_had_reserved(bank: Partner, company: Company, bill: Bill) -> None:
    bank.brings(day_file(TODAY, line("X", bill)), now=TOMORROW)
    difference = ChannelDifference.objects.get()
    salima, nadia = people(company)
    with pytest.raises(NobodyHasSaid):
        confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=nadia, now=TOMORROW)
    propose_channel_end(difference_id=difference.id, how=How.TAKEN_IN, because="Letter", staff=salima, now=TOMORROW)
    with pytest.raises(SamePerson):
        confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=salima, now=TOMORROW)
    confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=nadia, now=TOMORROW)

    bill.refresh_from_db()
    assert bill.settled_centimes == DUE.centimes
    reservation = Reservation.objects.get()
    assert (reservation.state, reservation.is_from_file) == ("paid", True)
    assert Case.objects.get(kind="channel_difference").state == "closed"
    with pytest.raises(ChannelDifferenceEnded):
        confirm_channel_end(difference_id=difference.id, how=How.TAKEN_IN, agrees=True, staff=nadia, now=TOMORROW)
    compare_channel_file(file_id=ChannelFile.objects.get().id, now=TOMORROW)
    assert open_differences() == []
    assert check_books(now=NOON) == []


def test_what_names_no_bill_of_ours_is_explained_not_taken_in(bank: Partner, company: Company) -> None:
    bank.brings(day_file(TODAY, ("X", "10000000000001", "10.00", AT_NOON, "paid")), now=TOMORROW)
    difference = ChannelDifference.objects.get()
    salima, nadia = people(company)
    with pytest.raises(CannotTakeIn):
        propose_channel_end(difference_id=difference.id, how=How.TAKEN_IN, because="Letter", staff=salima, now=TOMORROW)
    propose_channel_end(difference_id=difference.id, how=How.EXPLAINED, because="Test", staff=salima, now=TOMORROW)
    confirm_channel_end(difference_id=difference.id, how=How.EXPLAINED, agrees=False, staff=nadia, now=TOMORROW)
    assert open_differences() != []
    propose_channel_end(difference_id=difference.id, how=How.EXPLAINED, because="Test", staff=salima, now=TOMORROW)
    confirm_channel_end(difference_id=difference.id, how=How.EXPLAINED, agrees=True, staff=nadia, now=TOMORROW)
    compare_channel_file(file_id=ChannelFile.objects.get().id, now=TOMORROW)
    assert open_differences() == []
    assert not Payment.objects.exists()


def test_a_day_without_a_file_is_noticed_once_and_a_late_file_ends_it(bank: Partner) -> None:
    bank.channel.files_since = TODAY
    bank.channel.save()
    assert watch_channel_files(channel=bank.channel, now=TOMORROW) == 0
    assert watch_channel_files(channel=bank.channel, now=NOON + timedelta(days=2)) == 1
    assert watch_channel_files(channel=bank.channel, now=NOON + timedelta(days=2)) == 0
    case = Case.objects.get()
    assert (case.kind, case.state) == ("channel_file_missing", "open")
    bank.brings(day_file(TODAY), now=NOON + timedelta(days=2))
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_file_that_is_not_whole_is_not_taken_and_says_why(bank: Partner, bill: Bill) -> None:
    good = day_file(TODAY, line("A-1", bill), line("A-2", bill)).decode()

    def bring(content: str) -> None:
        take_in_channel_file(channel=bank.channel, content=content.encode(), name="x.csv", staff=None, now=TOMORROW)

    with pytest.raises(ChannelFileTotalsDiffer):
        bring(good.replace("TOTAL;2", "TOTAL;3"))
    with pytest.raises(ChannelFileTotalsDiffer):
        bring(good.replace("2861.00", "2861.01"))
    with pytest.raises(ChannelFileCutOff):
        bring(good[: good.index("TOTAL")])
    for content in ("", "\0", "a;b\n", "reference,bill\n", "%PDF-1.7\n\x00\x01"):
        with pytest.raises((ChannelFileColumnsWrong, ChannelFileCutOff)):
            bring(content)
    with pytest.raises(ChannelFileNotReadable, match=r"3 outcome\."):
        bring(good.replace("A-2", "A-2").replace("paid\nTOTAL", "perhaps\nTOTAL"))
    with pytest.raises(ChannelFileNotReadable, match=r"2 amount, 3 amount, 4 amount"):
        bring(good.replace("1430.50", "-1").replace("2861.00", "many"))
    with pytest.raises(ChannelFileNotReadable, match=r"2 reference"):
        bring(good.replace("A-1", AMINAS_CARD.number))
    with pytest.raises(ChannelDayNotPossible):
        bring(good.replace("2026-11-22;", "2027-11-22;"))
    assert not ChannelFile.objects.exists()


def test_only_whoever_brings_statements_brings_a_file(bank: Partner, company: Company) -> None:
    omar = Staff.objects.get(login=OMAR)
    with pytest.raises(NotAllowed):
        take_in_channel_file(channel=bank.channel, content=day_file(TODAY), name="x.csv", staff=omar, now=TOMORROW)
    salima, _ = people(company)
    take_in_channel_file(channel=bank.channel, content=day_file(TODAY), name="x.csv", staff=salima, now=TOMORROW)
    assert ChannelFile.objects.get().brought_by == salima
