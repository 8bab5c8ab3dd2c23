"""A bank's application takes money: reserved, paid, cancelled, pending, late, twice and out of order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillChanged, BillNotPayable
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.find_bill import NoSuchBill
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.hear_channel import AlreadyPaid, AmountDiffers
from bawabati.flows.keep_channel import channel_of_key
from bawabati.flows.release_reservation import release_reservation
from bawabati.flows.reserve_bills import ChannelClosed, NoBills, ReferenceTaken, Wanted, reserve_bills
from bawabati.flows.resolve_reservation import (
    NobodyHasSaidSo,
    ReservationChanged,
    confirm_reservation_end,
    propose_reservation_end,
)
from bawabati.flows.steps.hear_channel import NoSuchReservation
from bawabati.flows.steps.open_sale import NotOneCustomer
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import EarlyWord, Hold, Payment, Reservation, ReservationHappening
from bawabati.payments.rules.channels import (
    ReferenceLooksLikeCard,
    ReferenceNotReadable,
    ReservationEvent,
    ReservationMovedOn,
    ReservationState,
    Word,
)
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, NotAllowed, SamePerson
from bawabati.receipts.models import Receipt
from channels import Partner
from paying import start
from people import AMINAS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill, add_company

LATER = NOON + timedelta(minutes=16)
DUE = Money(1_430_50)


@pytest.fixture
def bank(company: Company) -> Partner:
    return Partner.of(company)


def go_on(reservation: Reservation, minutes: int) -> ReservationState:
    return go_on_with_reservation(reservation_id=reservation.id, now=NOON + timedelta(minutes=minutes))


def nothing_is_wrong() -> None:
    assert check_books(now=NOON) == []


def test_a_channel_reserves_a_bill_and_pays_it(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    assert (reservation.state, reservation.amount_centimes) == ("reserved", DUE.centimes)
    assert Hold.objects.get(bill=bill).reservation_id == reservation.id

    bank.says("A-1", Word.PAID, DUE)

    reservation.refresh_from_db()
    payment = Payment.objects.get(reservation=reservation)
    assert (reservation.state, payment.state, payment.way) == ("paid", "paid", "channel")
    assert not Hold.objects.exists()
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE.centimes
    nothing_is_wrong()


def test_the_money_is_owed_by_the_channel_and_its_receipt_has_a_series_of_its_own(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, DUE)

    transfer = Transfer.objects.select_related("debit", "credit").get(reason="capture")
    assert (transfer.debit.code, transfer.debit.holder, transfer.credit.code) == ("5116", "baridimob", "411")
    facts = Receipt.objects.get().facts
    assert facts["number"] == "2026-ch-baridimob-0000001"
    assert (facts["channel_name"], facts["transaction_id"], facts["way"]) == ("BaridiMob", "A-1", "channel")


def test_what_is_said_twice_is_done_once(bank: Partner, bill: Bill) -> None:
    first = bank.reserve("A-1", bill)
    assert bank.reserve("A-1", bill).id == first.id
    for _ in range(3):
        bank.says("A-1", Word.PAID, DUE)
    assert bank.reserve("A-1", bill).id == first.id
    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert ReservationHappening.objects.count() == 2


def test_a_reference_is_used_once_for_ever(bank: Partner, company: Company, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.CANCELLED)
    with pytest.raises(ReferenceTaken):
        bank.reserve("A-1", add_bill(company, seed=2))
    assert bank.reserve("A-1", bill).state == "cancelled"


@pytest.mark.parametrize("reference", ["", "a b", "x" * 41, "é", "../x", "a;b"])
def test_a_reference_that_cannot_stand_in_a_file_is_refused(bank: Partner, bill: Bill, reference: str) -> None:
    with pytest.raises(ReferenceNotReadable):
        bank.reserve(reference, bill)


def test_a_card_number_is_no_reference(bank: Partner, bill: Bill) -> None:
    with pytest.raises(ReferenceLooksLikeCard):
        bank.reserve(AMINAS_CARD.number, bill)
    with pytest.raises(ReferenceLooksLikeCard):
        bank.says(AMINAS_CARD.number, Word.PENDING)
    assert not Reservation.objects.exists()
    assert not EarlyWord.objects.exists()


def test_several_bills_of_one_customer_are_paid_at_once(bank: Partner, company: Company) -> None:
    bills = [add_bill(company, seed=seed, customer_number="C-9", quarters_ago=seed) for seed in (5, 6)]
    bank.reserve("A-1", *bills)
    bank.says("A-1", Word.PAID, Money(2 * DUE.centimes))
    assert [bill.settled_centimes for bill in Bill.objects.order_by("id")] == [DUE.centimes] * 2
    nothing_is_wrong()


def test_bills_of_two_customers_are_not_reserved_together(bank: Partner, company: Company, bill: Bill) -> None:
    with pytest.raises(NotOneCustomer):
        bank.reserve("A-1", bill, add_bill(company, seed=2, customer_number="another"))
    assert not Hold.objects.exists()


def test_what_cannot_be_paid_is_not_reserved(bank: Partner, company: Company, bill: Bill) -> None:
    def reserve(*wanted: Wanted) -> None:
        reserve_bills(channel=bank.channel, reference="A-1", wanted=wanted, language="fr", now=NOON)

    number = bill.payment_number
    with pytest.raises(BillChanged):
        reserve(Wanted(payment_number=number, amount=Money(100)))
    with pytest.raises(NoSuchBill):
        reserve(Wanted(payment_number="10000000000001", amount=Money(100)))
    with pytest.raises(NoBills):
        reserve()
    with pytest.raises(NoBills):
        reserve(Wanted(payment_number=number, amount=DUE), Wanted(payment_number=f" {number}", amount=DUE))
    withdrawn = add_bill(company, seed=2, status="withdrawn")
    with pytest.raises(NoSuchBill):
        bank.reserve("A-1", withdrawn)
    assert not Reservation.objects.exists()


def test_a_bill_of_another_company_is_unknown(bank: Partner) -> None:
    stranger = add_bill(add_company("setif", user_name="SAT2", terminal_id="E2"), seed=7)
    with pytest.raises(NoSuchBill):
        bank.reserve("A-1", stranger)


def test_what_somebody_pays_online_is_held_from_the_channel_and_the_other_way(
    bank: Partner, company: Company, bill: Bill
) -> None:
    other = add_bill(company, seed=2)
    start(company, bill)
    with pytest.raises(BillNotPayable):
        bank.reserve("A-1", bill)
    bank.reserve("A-2", other)
    with pytest.raises(BillNotPayable):
        start(company, other, key="other")


def test_a_channel_that_is_switched_off_ends_what_it_has_begun(bank: Partner, company: Company, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.channel.is_open = False
    bank.channel.save()
    with pytest.raises(ChannelClosed):
        bank.reserve("A-2", add_bill(company, seed=2))
    assert bank.says("A-1", Word.PAID, DUE).state == "paid"


def test_a_reservation_ends_by_time_and_lets_go_of_its_bills(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    assert go_on(reservation, 14) is ReservationState.RESERVED
    assert go_on(reservation, 15) is ReservationState.RELEASED
    assert not Hold.objects.exists()
    assert go_on(reservation, 60 * 24 * 30) is ReservationState.RELEASED, "no file has said anything"
    nothing_is_wrong()


def test_paid_after_the_time_was_over_is_money(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    go_on(reservation, 16)
    assert bank.says("A-1", Word.PAID, DUE, now=LATER).state == "paid"
    assert not Case.objects.exists()
    nothing_is_wrong()


def test_paid_after_somebody_else_has_paid_is_surplus(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    go_on(reservation, 16)
    bank.reserve("A-2", bill, now=LATER)
    bank.says("A-2", Word.PAID, DUE, now=LATER)
    bank.says("A-1", Word.PAID, DUE, now=LATER)
    assert Case.objects.get().kind == "surplus"
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE.centimes
    nothing_is_wrong()


def test_paid_after_cancelled_is_posted_beside_with_a_case(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.CANCELLED)
    for _ in range(2):
        assert bank.says("A-1", Word.PAID, DUE, now=LATER).state == "cancelled"
    assert Payment.objects.get().state == "paid"
    assert Case.objects.get().kind == "channel_paid_after_end"
    nothing_is_wrong()


def test_cancelled_after_paid_changes_nothing_and_is_told_to_people(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, DUE)
    for _ in range(2):
        with pytest.raises(AlreadyPaid):
            bank.says("A-1", Word.CANCELLED)
    assert Payment.objects.get().state == "paid"
    assert Case.objects.get().kind == "channel_cancelled_paid"
    nothing_is_wrong()


def test_paid_of_another_sum_settles_nothing_holds_the_bill_and_is_told_to_people(bank: Partner, bill: Bill) -> None:
    bank.reserve("A-1", bill)
    for _ in range(2):
        with pytest.raises(AmountDiffers):
            bank.says("A-1", Word.PAID, Money(100))
    reservation = Reservation.objects.get()
    assert reservation.state == "pending"
    assert Hold.objects.exists()
    assert not Payment.objects.exists()
    assert Case.objects.get().kind == "channel_mismatch"
    assert bank.says("A-1", Word.PAID, DUE).state == "paid"
    assert Case.objects.get().state == "closed"
    nothing_is_wrong()


def test_pending_holds_until_somebody_knows(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    bank.says("A-1", Word.PENDING)
    assert go_on(reservation, 29) is ReservationState.PENDING
    assert not Case.objects.exists()
    for days in (1, 30, 365):
        assert go_on(reservation, 60 * 24 * days) is ReservationState.PENDING
    assert Hold.objects.exists()
    case = Case.objects.get()
    assert (case.kind, case.owner.login) == ("channel_pending", SALIMA)
    bank.says("A-1", Word.PAID, DUE)
    case.refresh_from_db()
    assert case.state == "closed"
    nothing_is_wrong()


def test_pending_after_the_time_was_over_holds_again_what_is_free(bank: Partner, company: Company) -> None:
    bills = [add_bill(company, seed=seed, customer_number="C-9", quarters_ago=seed) for seed in (5, 6)]
    reservation = bank.reserve("A-1", *bills)
    go_on(reservation, 16)
    other = bank.reserve("A-2", bills[0], now=LATER)
    bank.says("A-1", Word.PENDING, now=LATER)
    assert dict(Hold.objects.values_list("bill_id", "reservation_id")) == {
        bills[0].id: other.id,
        bills[1].id: reservation.id,
    }
    nothing_is_wrong()


def test_what_comes_before_its_reservation_counts_once_it_is_there(bank: Partner, bill: Bill) -> None:
    for _ in range(2):
        with pytest.raises(NoSuchReservation):
            bank.says("A-1", Word.PAID, DUE)
    assert EarlyWord.objects.count() == 1
    assert Case.objects.get().kind == "channel_unknown"

    assert bank.reserve("A-1", bill, now=LATER).state == "paid"

    assert Case.objects.get().state == "closed"
    assert not Hold.objects.exists()
    assert bank.says("A-1", Word.PAID, DUE).state == "paid"
    assert Payment.objects.count() == 1
    nothing_is_wrong()


def test_a_cancellation_that_overtakes_its_reservation_leaves_nothing_held(bank: Partner, bill: Bill) -> None:
    with pytest.raises(NoSuchReservation):
        bank.says("A-1", Word.CANCELLED)
    assert bank.reserve("A-1", bill).state == "cancelled"
    assert not Hold.objects.exists()
    assert not Case.objects.exists()


def test_two_people_end_what_is_pending(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    salima = get_staff_allowed(login=SALIMA, action=Action.SETTLE_DIFFERENCE, company_id=bill.company_id)
    nadia = get_staff_allowed(login=NADIA, action=Action.CONFIRM_DIFFERENCE, company_id=bill.company_id)
    with pytest.raises(NobodyHasSaidSo):
        confirm_reservation_end(reservation_id=reservation.id, seen=2, agrees=True, staff=nadia, now=LATER)
    said = propose_reservation_end(
        reservation_id=reservation.id,
        what=ReservationEvent.CONFIRMED_PAID,
        because="Bank letter 12",
        staff=salima,
        now=LATER,
    )
    with pytest.raises(SamePerson):
        confirm_reservation_end(
            reservation_id=reservation.id, seen=said.event_count, agrees=True, staff=salima, now=LATER
        )
    with pytest.raises(ReservationChanged):
        confirm_reservation_end(reservation_id=reservation.id, seen=1, agrees=True, staff=nadia, now=LATER)

    refused = confirm_reservation_end(
        reservation_id=reservation.id, seen=said.event_count, agrees=False, staff=nadia, now=LATER
    )
    assert (refused.state, refused.proposed) == ("pending", "")
    said = propose_reservation_end(
        reservation_id=reservation.id,
        what=ReservationEvent.CONFIRMED_NOT_PAID,
        because="Bank letter 13",
        staff=salima,
        now=LATER,
    )
    ended = confirm_reservation_end(
        reservation_id=reservation.id, seen=said.event_count, agrees=True, staff=nadia, now=LATER
    )
    assert ended.state == "not_paid"
    assert not Hold.objects.exists()
    with pytest.raises(ReservationMovedOn):
        propose_reservation_end(
            reservation_id=reservation.id,
            what=ReservationEvent.CONFIRMED_PAID,
            because="again",
            staff=salima,
            now=LATER,
        )
    nothing_is_wrong()


def test_whoever_settles_no_differences_ends_no_reservation(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    omar = get_staff_allowed(login=OMAR, action=Action.IMPORT_BILLS, company_id=bill.company_id)
    with pytest.raises(NotAllowed):
        propose_reservation_end(
            reservation_id=reservation.id,
            what=ReservationEvent.CONFIRMED_PAID,
            because="because",
            staff=omar,
            now=LATER,
        )


def test_a_released_bill_is_free_and_the_reservation_goes_on(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    salima = get_staff_allowed(login=SALIMA, action=Action.RELEASE_HOLD, company_id=bill.company_id)
    release_reservation(reservation_id=reservation.id, because="The customer is here", staff=salima, now=NOON)
    assert not Hold.objects.exists()
    nothing_is_wrong()
    assert bank.says("A-1", Word.PAID, DUE).state == "paid"
    nothing_is_wrong()


def test_two_calls_at_once_reserve_once(bank: Partner, bill: Bill, together: Callable[..., list[Any]]) -> None:
    answers = together(*(lambda: bank.reserve("A-1", bill).id for _ in range(2)))
    assert len(set(answers)) == 1
    assert isinstance(answers[0], int)


def test_two_references_at_once_hold_a_bill_once(bank: Partner, bill: Bill, together: Callable[..., list[Any]]) -> None:
    answers = together(lambda: bank.reserve("A-1", bill), lambda: bank.reserve("A-2", bill))
    assert sorted(type(answer).__name__ for answer in answers) == ["BillNotPayable", "Reservation"]


def test_paid_and_cancelled_at_once_end_in_one_of_both_worlds(
    bank: Partner, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    bank.reserve("A-1", bill)
    together(lambda: bank.says("A-1", Word.PAID, DUE), lambda: bank.says("A-1", Word.CANCELLED))
    assert Payment.objects.get().state == "paid"
    nothing_is_wrong()


def test_a_key_enters_its_channel_once_with_a_code_of_its_own(company: Company) -> None:
    names = ["BaridiMob", "Baridi Mob!", "بريدي موب", "CCP", "BaridiMob"]
    codes = [channel_of_key(company_id=company.id, name=name, now=NOON).code for name in names]
    assert codes == ["baridimob", "baridimob2", "channel", "ccp", "baridimob"]
