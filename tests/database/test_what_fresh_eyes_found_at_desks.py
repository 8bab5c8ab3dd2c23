"""What a reviewer with a clean context found in sales at desks: each of these once lost, froze or invented money."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.flows.ask_refund import ask_reversal
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.check_books import check_books
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.resolve_sale import NothingProposed, confirm_resolution, propose_resolution
from bawabati.flows.reverse_sale import ReaderAtWork, reverse_sale
from bawabati.flows.steps.open_sale import ReaderBusy
from bawabati.flows.steps.slip import SlipNumberMissing
from bawabati.flows.take_card import take_card
from bawabati.flows.take_order import take_order
from bawabati.flows.take_result import take_result
from bawabati.flows.type_approval import type_approval
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, ReaderOrder, Sale, SaleHappening
from bawabati.payments.rules import RefundUnderWay
from bawabati.payments.rules.sales import Outcome, ReaderSaid, SaleEvent, SaleMovedOn, SaleState
from bawabati.people.rules import NotAllowed, Role
from desks import Counter, add_counter, answer_to, fetch, happened_to, order_of, report, take
from paying import seen_now
from people import NOON, SALIMA, add_bill
from staff import add_person

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def counter(company: Company) -> Counter:
    return add_counter(company)


def state_of(sale: Sale) -> str:
    return Sale.objects.values_list("state", flat=True).get(id=sale.id)


def unknown(counter: Counter, bill: Bill) -> Sale:
    """The card went to the reader, and no answer came back."""
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.UNKNOWN)
    return sale


def in_review(counter: Counter, bill: Bill) -> Sale:
    sale = unknown(counter, bill)
    for at in (5 * SECOND, 30 * SECOND):
        go_on_with_sale(sale_id=sale.id, now=NOON + at)
        report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + at, boot="2")
    assert state_of(sale) == SaleState.REVIEW
    return sale


def settled(counter: Counter, bill: Bill) -> Sale:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED)
    return sale


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.DECLINED])
def test_an_old_question_about_the_payment_says_nothing_of_its_reversal(
    counter: Counter, bill: Bill, outcome: Outcome
) -> None:
    """The answer to it came only after the head had asked for the money back."""
    sale = take(counter, bill)
    fetch(counter, sale)
    go_on_with_sale(sale_id=sale.id, now=NOON + 5 * MINUTE)
    question = order_of(sale, "ask")
    report(counter, sale, Outcome.APPROVED, now=NOON + 6 * MINUTE)
    reverse_sale(sale_id=sale.id, because="mauvaise facture", staff=counter.head, now=NOON + 6 * MINUTE)
    said = ReaderSaid(outcome=outcome, **answer_to(sale))
    take_result(bridge_id=counter.bridge.id, order_id=question.id, said=said, extra={}, now=NOON + 6 * MINUTE)
    bill.refresh_from_db()
    assert (state_of(sale), bill.settled_centimes) == (SaleState.REVERSING, bill.due_centimes)


@pytest.mark.parametrize("minutes", [1, 6])
def test_a_bridge_that_was_enrolled_anew_is_not_told_to_send_what_the_last_one_had(
    counter: Counter, bill: Bill, minutes: int
) -> None:
    """Its journal is a new one: whether the card was charged, only the reader can say."""
    sale = take(counter, bill)
    assert fetch(counter, sale)
    Bridge.objects.filter(id=counter.bridge.id).update(enrolled_at=NOON + 30 * SECOND)
    go_on_with_sale(sale_id=sale.id, now=NOON + minutes * MINUTE)
    assert not fetch(counter, sale, now=NOON + minutes * MINUTE)
    assert (state_of(sale), order_of(sale).outcome) == (SaleState.UNKNOWN, Outcome.UNKNOWN)
    assert Hold.objects.filter(bill=bill).exists()
    assert order_of(sale, "ask").state == "waiting"


def test_an_answer_with_the_readers_name_of_another_sale_is_kept_and_not_taken_in(
    counter: Counter, company: Company, bill: Bill
) -> None:
    first = settled(counter, bill)
    sale = take(counter, add_bill(company, seed=2))
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED, poi_transaction_id=f"T{first.id}", approval_code="STOLEN")
    sale.refresh_from_db()
    assert (sale.state, sale.approval_code, sale.poi_transaction_id) == (SaleState.UNKNOWN, "", "")
    assert Case.objects.filter(kind="sale_mismatch").exists()


def test_what_the_reader_is_giving_back_is_not_written_down_as_given_back_meanwhile(
    counter: Counter, bill: Bill
) -> None:
    sale = settled(counter, bill)
    reverse_sale(sale_id=sale.id, because="mauvaise facture", staff=counter.head, now=NOON)
    payment = Payment.objects.get(sale=sale)
    with pytest.raises(RefundUnderWay):
        ask_reversal(payment_id=payment.id, amount=None, because="la banque", login=SALIMA, now=NOON)
    fetch(counter, sale, "reverse")
    report(counter, sale, Outcome.DONE, kind="reverse")
    assert state_of(sale) == SaleState.REVERSED
    assert check_books(now=NOON + MINUTE) == []


def test_what_a_withdrawn_order_has_taken_all_the_same_is_posted(counter: Counter, bill: Bill) -> None:
    """The portal was set back to before it had given the order away, and cancelled it."""
    sale = take(counter, bill)
    cancel_sale(sale_id=sale.id, staff=counter.cashier, now=NOON)
    for _ in range(2):
        report(counter, sale, Outcome.APPROVED, now=NOON + MINUTE)
    assert (state_of(sale), Payment.objects.filter(sale=sale).count()) == (SaleState.CANCELLED, 1)
    assert Case.objects.filter(kind="sale_approved_after_end").exists()
    assert check_books(now=NOON + MINUTE) == []


def test_of_a_part_the_reader_is_asked_to_give_back_that_part(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.PARTIAL, amount=Money(500_00))
    assert state_of(sale) == SaleState.REVERSING
    assert order_of(sale, "reverse").body["amount_centimes"] == 500_00


def test_a_card_is_taken_into_ones_own_session_alone(counter: Counter, company: Company, bill: Bill) -> None:
    other = add_person("second@oran.example", Role.CASHIER, company=company, agency=counter.agency)
    with pytest.raises(NotAllowed):
        take_card(
            session_id=counter.session.id,
            seen=[seen_now(bill)],
            start_key=secrets.token_urlsafe(16),
            language="fr",
            in_spite_of="",
            staff=other,
            now=NOON,
        )
    assert not Sale.objects.exists()


class TestPeopleSayWhatBecameOfIt:
    def propose(self, counter: Counter, sale: Sale, what: SaleEvent, *, slip: str = "000123") -> None:
        propose_resolution(
            sale_id=sale.id,
            what=what,
            because="ticket lu",
            approval_code=f"A{slip}",
            last_four="1234",
            slip_number=slip,
            slip_on=NOON.date(),
            staff=counter.cashier,
            now=NOON + MINUTE,
        )

    def test_a_refused_word_counts_no_more_and_its_slip_neither(self, counter: Counter, bill: Bill) -> None:
        sale = in_review(counter, bill)
        self.propose(counter, sale, SaleEvent.CONFIRMED_PAID, slip="000123")
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=False, staff=counter.head, now=NOON + MINUTE)
        with pytest.raises(NothingProposed):
            confirm_resolution(
                sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + MINUTE
            )
        self.propose(counter, sale, SaleEvent.CONFIRMED_PAID, slip="000124")
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + MINUTE)
        sale.refresh_from_db()
        assert (sale.state, sale.slip_number, sale.approval_code) == (SaleState.SETTLED, "000124", "A000124")
        kept = SaleHappening.objects.filter(sale=sale, event="proposed").order_by("sequence")
        assert [one.evidence["slip"] for one in kept] == ["000123", "000124"]

    def test_a_reader_that_is_gone_for_good_leaves_the_sale_to_people(self, counter: Counter, bill: Bill) -> None:
        sale = unknown(counter, bill)
        with pytest.raises(SaleMovedOn):
            propose_resolution(
                sale_id=sale.id,
                what=SaleEvent.CONFIRMED_NOT_PROCESSED,
                because="the reader burnt",
                staff=counter.cashier,
                now=NOON + MINUTE,
            )
        later = NOON + timedelta(hours=1)
        propose_resolution(
            sale_id=sale.id,
            what=SaleEvent.CONFIRMED_NOT_PROCESSED,
            because="the reader burnt",
            staff=counter.cashier,
            now=later,
        )
        assert state_of(sale) == SaleState.REVIEW
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=later)
        assert state_of(sale) == SaleState.NOT_PROCESSED
        assert not Case.objects.filter(kind__in=["sale_unknown", "sale_review"], state="open").exists()
        assert check_books(now=later) == []

    def test_an_approval_that_comes_while_they_think_stands_beside_the_sale(self, counter: Counter, bill: Bill) -> None:
        sale = take(counter, bill)
        fetch(counter, sale)
        go_on_with_sale(sale_id=sale.id, now=NOON + 5 * MINUTE)
        later = NOON + timedelta(hours=1)
        self.propose_nothing_taken(counter, sale, later)
        report(counter, sale, Outcome.APPROVED, now=later)
        assert state_of(sale) == SaleState.REVIEW
        assert SaleHappening.objects.filter(sale=sale, evidence__outcome="approved").exists()
        assert Sale.objects.get(id=sale.id).proposed == ""

    def propose_nothing_taken(self, counter: Counter, sale: Sale, now: object) -> None:
        propose_resolution(
            sale_id=sale.id,
            what=SaleEvent.CONFIRMED_NOT_PROCESSED,
            because="nothing on its paper",
            staff=counter.cashier,
            now=now,  # type: ignore[arg-type]
        )


def test_a_slip_number_is_letters_and_digits(company: Company, bill: Bill) -> None:
    by_hand = add_counter(company, protocol="manual", code="AG08", who="mourad@oran.example")
    sale = take(by_hand, bill)
    with pytest.raises(SlipNumberMissing):
        type_approval(
            sale_id=sale.id,
            approval_code="123456",
            last_four="1234",
            slip_number="12\x0034",
            slip_on=NOON.date(),
            staff=by_hand.cashier,
            now=NOON,
        )


def test_a_reader_that_is_not_heard_of_is_looked_at_once_at_a_time(counter: Counter, bill: Bill) -> None:
    Reader.objects.filter(id=counter.reader.id).update(last_status="unreachable")
    sale = Sale.objects.get(id=take_anyway(counter, bill).id)
    for minute in range(1, 6):
        go_on_with_sale(sale_id=sale.id, now=NOON + minute * 5 * MINUTE)
        open_question = ReaderOrder.objects.filter(sale=sale, kind="ask", state="waiting").first()
        if open_question:
            said = ReaderSaid(outcome=Outcome.UNREACHABLE)
            take_result(
                bridge_id=counter.bridge.id,
                order_id=open_question.id,
                said=said,
                extra={},
                now=NOON + minute * 5 * MINUTE,
            )
    assert ReaderOrder.objects.filter(sale=sale, kind="diagnose", state="waiting").count() == 1


def take_anyway(counter: Counter, bill: Bill) -> Sale:
    Reader.objects.filter(id=counter.reader.id).update(last_status="ok")
    sale = take(counter, bill)
    take_order(bridge_id=counter.bridge.id, order_id=order_of(sale).id, now=NOON)
    Reader.objects.filter(id=counter.reader.id).update(last_status="unreachable")
    return sale


def test_a_sale_and_a_reversal_at_once_leave_the_reader_one_of_them(
    counter: Counter, company: Company, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    """None of them falls over the other: who is late is told that the reader is at work."""
    sale = settled(counter, bill)
    others = [add_bill(company, seed=seed) for seed in range(2, 6)]

    def back() -> object:
        return reverse_sale(sale_id=sale.id, because="mauvaise facture", staff=counter.head, now=NOON)

    ends = together(back, *[lambda other=other: take(counter, other) for other in others])
    refused = [end for end in ends if isinstance(end, Exception)]
    assert {type(end) for end in refused} <= {ReaderBusy, ReaderAtWork}
    assert len(refused) == len(others)
