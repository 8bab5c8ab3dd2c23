"""A card at a desk: never charged twice, never lost, whatever the reader, its bridge or the cashier do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillChanged, BillNotPayable, Standing
from bawabati.cases.models import Case
from bawabati.companies.models import Company, Reader
from bawabati.desks.models import DeskSession
from bawabati.desks.rules import SessionNotOpen
from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.release_sale import SaleHoldsNothing, release_sale
from bawabati.flows.resolve_sale import NothingProposed, confirm_resolution, propose_resolution
from bawabati.flows.reverse_sale import CannotReverseHere, reverse_sale
from bawabati.flows.steps.open_sale import ReaderBusy
from bawabati.flows.steps.refund_request import PaidAtAnAgency
from bawabati.flows.steps.slip import ApprovalNotReadable, LastDigitsWrong, SlipUsed
from bawabati.flows.take_card import NoReaderHere, ReaderSilent
from bawabati.flows.take_result import NotTaken
from bawabati.flows.type_approval import NotKeyedByHand, type_approval, type_refusal
from bawabati.jobs.story import lines_of_payment
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, ReaderOrder, Sale, SaleHappening
from bawabati.payments.rules import RefundReason
from bawabati.payments.rules.sales import Outcome, SaleEvent, SaleState
from bawabati.people.rules import NotAllowed, Role, SamePerson
from bawabati.receipts.models import Receipt
from desks import Counter, add_counter, answer_to, fetch, happened_to, order_of, report, take
from outside import Outside
from paying import start
from people import AMINAS_CARD, NOON, SALIMA, add_arrears, add_bill
from staff import add_person

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def counter(company: Company) -> Counter:
    return add_counter(company)


@pytest.fixture
def by_hand(company: Company) -> Counter:
    return add_counter(company, protocol="manual", code="AG08", who="mourad@oran.example")


def state_of(sale: Sale) -> str:
    return Sale.objects.values_list("state", flat=True).get(id=sale.id)


def unknown(counter: Counter, bill: Bill) -> Sale:
    """The card went to the reader, and no answer came back."""
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.UNKNOWN)
    assert state_of(sale) == SaleState.UNKNOWN
    return sale


def in_review(counter: Counter, bill: Bill) -> Sale:
    """The reader started anew and has forgotten everything: no machine can tell."""
    sale = unknown(counter, bill)
    for at in (5 * SECOND, 30 * SECOND):
        go_on_with_sale(sale_id=sale.id, now=NOON + at)
        report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + at, boot="2")
    assert state_of(sale) == SaleState.REVIEW
    return sale


def test_an_approval_settles_the_bill_with_payment_books_and_receipt_at_once(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    assert (state_of(sale), Hold.objects.get(bill=bill).sale_id) == (SaleState.OPENED, sale.id)
    assert fetch(counter, sale)
    assert state_of(sale) == SaleState.SENT
    report(counter, sale, Outcome.APPROVED)
    bill.refresh_from_db()
    payment = Payment.objects.get(sale=sale)
    assert (state_of(sale), payment.state, payment.way) == (SaleState.SETTLED, "paid", "card")
    assert bill.settled_centimes == bill.due_centimes
    assert not Hold.objects.filter(bill=bill).exists()
    facts = Receipt.objects.get(payment=payment).facts
    assert (facts["number"], facts["way"], facts["desk_code"]) == ("2026-AG07-0000001", "card", "AG07-C1")
    assert Transfer.objects.get(reference=f"payment_line:{payment.lines.get().id}").debit.code == "5113"
    assert check_books(now=NOON) == []


def test_a_result_told_twice_settles_once(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    for _ in range(3):
        report(counter, sale, Outcome.APPROVED)
    assert Receipt.objects.count() == 1


def test_pressing_twice_takes_the_card_once(counter: Counter, bill: Bill) -> None:
    assert take(counter, bill, key="k").id == take(counter, bill, key="k").id
    assert ReaderOrder.objects.filter(kind="pay").count() == 1


def test_several_bills_of_a_customer_go_in_one_sale(counter: Counter, company: Company) -> None:
    bills = add_arrears(company, 100_000, 200_000)
    sale = take(counter, *bills)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED)
    assert Payment.objects.get(sale=sale).amount_centimes == 300_000
    assert all(one.settled_centimes == one.due_centimes for one in Bill.objects.filter(id__in=[b.id for b in bills]))


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.DECLINED, SaleState.DECLINED),
        (Outcome.CANCELLED, SaleState.CANCELLED),
        (Outcome.NOT_SENT, SaleState.NOT_SENT),
        (Outcome.BUSY, SaleState.NOT_SENT),
    ],
)
def test_what_was_not_taken_frees_the_bill(counter: Counter, bill: Bill, outcome: Outcome, state: SaleState) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, outcome, reason="Refusal")
    assert state_of(sale) == state
    assert not Hold.objects.exists()
    assert take(counter, bill).id != sale.id


def test_while_nobody_knows_the_bill_is_held_everywhere(counter: Counter, company: Company, bill: Bill) -> None:
    sale = unknown(counter, bill)
    with pytest.raises(BillNotPayable) as refusal:
        start(company, bill)
    assert refusal.value.details["standing"] is Standing.BEING_PAID
    with pytest.raises(ReaderBusy):
        take(counter, add_bill(company, seed=2))
    assert {order.kind for order in ReaderOrder.objects.filter(sale=sale)} == {"pay", "abort", "ask"}


def test_an_unknown_sale_is_settled_by_what_the_reader_says_of_our_own_identifier(counter: Counter, bill: Bill) -> None:
    sale = unknown(counter, bill)
    report(counter, sale, Outcome.IN_PROGRESS, kind="ask")
    go_on_with_sale(sale_id=sale.id, now=NOON + 6 * SECOND)
    report(counter, sale, Outcome.APPROVED, kind="ask", now=NOON + 6 * SECOND)
    assert state_of(sale) == SaleState.SETTLED
    assert check_books(now=NOON + MINUTE) == []


def test_not_found_is_believed_the_second_time_from_a_reader_that_is_well(counter: Counter, bill: Bill) -> None:
    sale = unknown(counter, bill)
    report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + SECOND)
    assert state_of(sale) == SaleState.UNKNOWN
    Reader.objects.update(last_contact_at=NOON + 10 * SECOND, last_status="ok")
    go_on_with_sale(sale_id=sale.id, now=NOON + 15 * SECOND)
    report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + 15 * SECOND)
    assert state_of(sale) == SaleState.NOT_PROCESSED


def test_a_reader_that_has_started_anew_is_not_believed_when_it_knows_nothing(counter: Counter, bill: Bill) -> None:
    sale = in_review(counter, bill)
    assert Case.objects.get(kind="sale_review", reference=f"sale:{sale.id}").owner is not None
    assert Hold.objects.filter(sale=sale).exists()


@pytest.mark.parametrize("wrong", [{"service_id": "0000000ZZZ"}, {"poi_id": "OTHER"}, {"sale_reference": "S000000000"}])
def test_an_approval_of_something_else_settles_nothing(counter: Counter, bill: Bill, wrong: dict[str, str]) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED, **wrong)
    assert state_of(sale) == SaleState.UNKNOWN
    assert Case.objects.filter(kind="sale_mismatch").count() == 1
    assert not Payment.objects.exists()


def test_what_was_approved_otherwise_is_reversed(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.PARTIAL, amount=Money(100))
    assert state_of(sale) == SaleState.REVERSING
    assert fetch(counter, sale, "reverse")
    report(counter, sale, Outcome.DONE, kind="reverse")
    assert state_of(sale) == SaleState.REVERSED
    assert not Payment.objects.exists()
    assert not Hold.objects.exists()


def test_a_late_approval_of_a_sale_that_ended_is_posted_with_a_case(counter: Counter, bill: Bill) -> None:
    sale = unknown(counter, bill)
    Reader.objects.update(last_contact_at=NOON + 40 * SECOND)
    for at in (5 * SECOND, 50 * SECOND):
        go_on_with_sale(sale_id=sale.id, now=NOON + at)
        report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + at)
    assert state_of(sale) == SaleState.NOT_PROCESSED
    ask = ReaderOrder.objects.create(
        company_id=sale.company_id,
        bridge=counter.bridge,
        reader=counter.reader,
        sale=sale,
        kind="ask",
        body={"of_service_id": sale.service_id},
        put_at=NOON,
    )
    report(counter, sale, Outcome.APPROVED, kind="ask", now=NOON + MINUTE)
    assert ReaderOrder.objects.get(id=ask.id).state == "done"
    assert Payment.objects.get(sale=sale).state == "paid"
    assert Case.objects.filter(kind="sale_approved_after_end").count() == 1
    assert check_books(now=NOON + MINUTE) == []


def test_the_cashier_cancels_what_no_bridge_has_fetched(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    cancel_sale(sale_id=sale.id, staff=counter.cashier, now=NOON)
    assert state_of(sale) == SaleState.CANCELLED
    assert not fetch(counter, sale)
    anew = take(counter, bill)
    with pytest.raises(NotTaken):
        report(counter, anew, Outcome.APPROVED)


def test_cancelling_what_was_sent_asks_the_reader_and_its_answer_decides(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    for _ in range(2):
        cancel_sale(sale_id=sale.id, staff=counter.cashier, now=NOON)
    assert state_of(sale) == SaleState.SENT
    assert order_of(sale, "abort").body["of_service_id"] == sale.service_id
    report(counter, sale, Outcome.APPROVED)
    assert state_of(sale) == SaleState.SETTLED


def test_an_opened_sale_that_nobody_goes_on_with_ends_after_ten_minutes(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    go_on_with_sale(sale_id=sale.id, now=NOON + 9 * MINUTE)
    assert state_of(sale) == SaleState.OPENED
    go_on_with_sale(sale_id=sale.id, now=NOON + 11 * MINUTE)
    assert state_of(sale) == SaleState.CANCELLED
    assert not fetch(counter, sale)


def test_a_bridge_that_is_never_heard_of_again_leaves_the_sale_unknown_for_ever(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    for minutes in (5, 10, 60, 60 * 24 * 30):
        go_on_with_sale(sale_id=sale.id, now=NOON + minutes * MINUTE)
    assert state_of(sale) == SaleState.UNKNOWN
    report(counter, sale, Outcome.APPROVED, now=NOON + timedelta(days=31))
    assert state_of(sale) == SaleState.SETTLED


def test_the_till_sees_a_live_attempt_online_and_may_go_on_with_a_reason(
    counter: Counter, outside: Outside, company: Company, bill: Bill
) -> None:
    online = start(company, bill)
    with pytest.raises(BillNotPayable) as refusal:
        take(counter, bill)
    assert refusal.value.details["payment_id"] == online.id
    sale = take(counter, bill, in_spite_of="Le client a fermé la page")
    assert Hold.objects.get(bill=bill).sale_id == sale.id
    assert online.gateway_reference is not None
    outside.pay(online.gateway_reference, AMINAS_CARD)
    confirm_payment(payment_id=online.id, now=NOON + MINUTE)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED, now=NOON + MINUTE)
    assert Payment.objects.filter(state="paid").count() == 2
    assert Case.objects.filter(kind="surplus").count() == 1
    assert check_books(now=NOON + MINUTE) == []


def test_what_has_changed_since_it_was_seen_is_not_taken(counter: Counter, bill: Bill) -> None:
    from paying import seen_now  # noqa: PLC0415 - settings first

    seen = seen_now(bill)
    Bill.objects.filter(id=bill.id).update(due_centimes=bill.due_centimes + 1)
    from bawabati.flows.take_card import take_card  # noqa: PLC0415

    with pytest.raises(BillChanged):
        take_card(
            session_id=counter.session.id,
            seen=[seen],
            start_key="k",
            language="ar",
            in_spite_of="",
            staff=counter.cashier,
            now=NOON,
        )


def test_who_works_elsewhere_takes_nothing_here(counter: Counter, by_hand: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    with pytest.raises(NotAllowed):
        cancel_sale(sale_id=sale.id, staff=by_hand.cashier, now=NOON)


def test_a_desk_without_a_reader_or_with_a_silent_one_says_so(counter: Counter, bill: Bill) -> None:
    with pytest.raises(ReaderSilent):
        take(counter, bill, now=NOON + 10 * MINUTE)
    Reader.objects.update(is_active=False)
    with pytest.raises(NoReaderHere):
        take(counter, bill)


def test_a_closed_session_takes_nothing(counter: Counter, bill: Bill) -> None:
    DeskSession.objects.update(state="closed", ended_at=NOON)
    with pytest.raises(SessionNotOpen):
        take(counter, bill)


class TestAReaderThatNobodyCanSpeakTo:
    def typed(self, counter: Counter, sale: Sale, **other: str) -> Sale:
        slip = {"approval_code": "a1b2c3", "last_four": "1234", "slip_number": "77"} | other
        return type_approval(
            sale_id=sale.id,
            approval_code=slip["approval_code"],
            last_four=slip["last_four"],
            slip_number=slip["slip_number"],
            slip_on=NOON.date(),
            staff=counter.cashier,
            now=NOON + MINUTE,
        )

    def test_what_its_slip_says_settles_the_sale(self, by_hand: Counter, bill: Bill) -> None:
        sale = take(by_hand, bill)
        assert state_of(sale) == SaleState.SENT
        self.typed(by_hand, sale)
        assert state_of(sale) == SaleState.SETTLED
        assert Receipt.objects.get().facts["approval_code"] == "A1B2C3"
        assert check_books(now=NOON + MINUTE) == []

    def test_a_slip_is_typed_once_for_ever(self, by_hand: Counter, company: Company, bill: Bill) -> None:
        self.typed(by_hand, take(by_hand, bill))
        again = take(by_hand, add_bill(company, seed=5))
        with pytest.raises(SlipUsed):
            self.typed(by_hand, again, slip_number="78")
        with pytest.raises(SlipUsed):
            self.typed(by_hand, again, approval_code="999999")

    def test_a_card_number_or_nonsense_is_refused(self, by_hand: Counter, bill: Bill) -> None:
        sale = take(by_hand, bill)
        with pytest.raises(LastDigitsWrong):
            self.typed(by_hand, sale, last_four="6280581110007215")
        with pytest.raises(ApprovalNotReadable):
            self.typed(by_hand, sale, approval_code="??")

    def test_above_the_limit_another_person_confirms(self, by_hand: Counter, company: Company) -> None:
        sale = take(by_hand, add_bill(company, seed=9, due_centimes=20_000_00))
        self.typed(by_hand, sale)
        assert state_of(sale) == SaleState.REVIEW
        with pytest.raises(NotAllowed):
            confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=by_hand.cashier, now=NOON)
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=by_hand.head, now=NOON + MINUTE)
        assert state_of(sale) == SaleState.SETTLED
        assert check_books(now=NOON + MINUTE) == []

    def test_a_refusal_is_typed_too(self, by_hand: Counter, bill: Bill) -> None:
        sale = take(by_hand, bill)
        type_refusal(sale_id=sale.id, reason="solde insuffisant", staff=by_hand.cashier, now=NOON)
        assert state_of(sale) == SaleState.DECLINED

    def test_what_nobody_types_waits_for_two_people(self, by_hand: Counter, bill: Bill) -> None:
        sale = take(by_hand, bill)
        go_on_with_sale(sale_id=sale.id, now=NOON + 11 * MINUTE)
        assert state_of(sale) == SaleState.REVIEW

    def test_a_reader_that_answers_is_not_typed(self, counter: Counter, bill: Bill) -> None:
        sale = take(counter, bill)
        fetch(counter, sale)
        with pytest.raises(NotKeyedByHand):
            self.typed(counter, sale)


class TestTwoPeopleSayWhatBecameOfIt:
    def propose(self, counter: Counter, sale: Sale, what: SaleEvent, by: str = "head") -> None:
        propose_resolution(
            sale_id=sale.id,
            what=what,
            because="le ticket le montre",
            approval_code="481234",
            last_four="1234",
            slip_number="9",
            slip_on=NOON.date(),
            staff=getattr(counter, by),
            now=NOON + MINUTE,
        )

    @pytest.mark.parametrize(
        ("what", "state", "payments"),
        [
            (SaleEvent.CONFIRMED_PAID, SaleState.SETTLED, 1),
            (SaleEvent.CONFIRMED_NOT_PROCESSED, SaleState.NOT_PROCESSED, 0),
            (SaleEvent.CONFIRMED_REVERSED, SaleState.REVERSED, 0),
        ],
    )
    def test_what_they_agree_on_ends_it(
        self, counter: Counter, bill: Bill, what: SaleEvent, state: SaleState, payments: int
    ) -> None:
        sale = in_review(counter, bill)
        self.propose(counter, sale, what, by="cashier")
        confirm_resolution(
            sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + 2 * MINUTE
        )
        assert (state_of(sale), Payment.objects.count()) == (state, payments)
        assert not Hold.objects.exists()
        assert not Case.objects.filter(kind="sale_review", state="open").exists()
        assert check_books(now=NOON + 2 * MINUTE) == []

    def test_nobody_agrees_with_himself(self, counter: Counter, bill: Bill) -> None:
        sale = in_review(counter, bill)
        with pytest.raises(NothingProposed):
            confirm_resolution(
                sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + MINUTE
            )
        self.propose(counter, sale, SaleEvent.CONFIRMED_PAID)
        with pytest.raises(SamePerson):
            confirm_resolution(
                sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + MINUTE
            )

    def test_a_word_that_is_not_agreed_with_is_taken_back(self, counter: Counter, company: Company, bill: Bill) -> None:
        sale = in_review(counter, bill)
        self.propose(counter, sale, SaleEvent.CONFIRMED_PAID)
        other = add_person("second@oran.example", Role.AGENCY_HEAD, company=company, agency=counter.agency)
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=False, staff=other, now=NOON + MINUTE)
        assert state_of(sale) == SaleState.REVIEW
        assert Sale.objects.get(id=sale.id).proposed == ""


class TestTakingItBackOnTheSameDay:
    def settled(self, counter: Counter, bill: Bill) -> Sale:
        sale = take(counter, bill)
        fetch(counter, sale)
        report(counter, sale, Outcome.APPROVED)
        return sale

    def ask(self, counter: Counter, sale: Sale, *, days: int = 0) -> Sale:
        now = NOON + timedelta(days=days)
        return reverse_sale(sale_id=sale.id, because="mauvaise facture", staff=counter.head, now=now)

    def test_the_bill_stays_paid_until_the_reader_has_confirmed(self, counter: Counter, bill: Bill) -> None:
        sale = self.settled(counter, bill)
        self.ask(counter, sale)
        bill.refresh_from_db()
        assert (state_of(sale), bill.settled_centimes) == (SaleState.REVERSING, bill.due_centimes)
        fetch(counter, sale, "reverse")
        report(counter, sale, Outcome.DONE, kind="reverse")
        bill.refresh_from_db()
        assert (state_of(sale), bill.settled_centimes) == (SaleState.REVERSED, 0)
        assert check_books(now=NOON + MINUTE) == []
        assert take(counter, bill)

    def test_a_reversal_nobody_answers_is_asked_about(self, counter: Counter, bill: Bill) -> None:
        sale = self.settled(counter, bill)
        self.ask(counter, sale)
        fetch(counter, sale, "reverse")
        report(counter, sale, Outcome.UNKNOWN, kind="reverse")
        go_on_with_sale(sale_id=sale.id, now=NOON + 6 * SECOND)
        assert order_of(sale, "ask").body["of_category"] == "Reversal"
        report(counter, sale, Outcome.APPROVED, kind="ask", now=NOON + 7 * SECOND)
        assert state_of(sale) == SaleState.REVERSED

    def test_a_reader_that_refuses_leaves_it_paid_and_to_people(self, counter: Counter, bill: Bill) -> None:
        sale = self.settled(counter, bill)
        self.ask(counter, sale)
        fetch(counter, sale, "reverse")
        report(counter, sale, Outcome.REFUSED, kind="reverse")
        bill.refresh_from_db()
        assert (state_of(sale), bill.settled_centimes) == (SaleState.REVIEW, bill.due_centimes)
        TestTwoPeopleSayWhatBecameOfIt().propose(counter, sale, SaleEvent.CONFIRMED_PAID, by="cashier")
        confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=counter.head, now=NOON + MINUTE)
        assert (state_of(sale), Payment.objects.count()) == (SaleState.SETTLED, 1)
        assert check_books(now=NOON + MINUTE) == []

    def test_not_by_the_cashier_and_not_tomorrow(self, counter: Counter, bill: Bill) -> None:
        sale = self.settled(counter, bill)
        with pytest.raises(NotAllowed):
            reverse_sale(sale_id=sale.id, because="mauvaise facture", staff=counter.cashier, now=NOON)
        with pytest.raises(CannotReverseHere):
            self.ask(counter, sale, days=1)


def test_the_head_frees_the_bill_and_what_the_reader_took_then_is_surplus(
    counter: Counter, company: Company, bill: Bill
) -> None:
    sale = unknown(counter, bill)
    with pytest.raises(NotAllowed):
        release_sale(sale_id=sale.id, because="le client attend", staff=counter.cashier, now=NOON)
    release_sale(sale_id=sale.id, because="le client attend", staff=counter.head, now=NOON)
    with pytest.raises(SaleHoldsNothing):
        release_sale(sale_id=sale.id, because="le client attend", staff=counter.head, now=NOON)
    other = add_counter(company, code="AG08", who="mourad@oran.example")
    again = take(other, bill)
    fetch(other, again)
    report(other, again, Outcome.APPROVED)
    report(counter, sale, Outcome.APPROVED, kind="ask", now=NOON + SECOND)
    assert state_of(sale) == SaleState.SETTLED
    assert Case.objects.filter(kind="surplus", reference=f"payment:{Payment.objects.get(sale=sale).id}").exists()
    assert check_books(now=NOON + MINUTE) == []


def test_no_gateway_is_asked_to_give_back_what_an_agency_took(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED)
    payment = Payment.objects.get(sale=sale)
    asked = {"payment_id": payment.id, "amount": None, "because": "erreur", "login": SALIMA, "now": NOON}
    with pytest.raises(PaidAtAnAgency):
        ask_refund(reason=RefundReason.BILL_DUE_AGAIN, **asked)  # type: ignore[arg-type]
    assert ask_reversal(**asked).state == "requested"  # type: ignore[arg-type]
    assert any("Sale" in line and "by card" in line for line in lines_of_payment(payment))


def test_everything_that_happened_stands_beside_the_sale(counter: Counter, bill: Bill) -> None:
    sale = unknown(counter, bill)
    report(counter, sale, Outcome.APPROVED, kind="ask", now=NOON + SECOND)
    events = SaleHappening.objects.filter(sale=sale).order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["opened", "sent", "silent", "approved", "settled"]
    settled = SaleHappening.objects.get(sale=sale, event="approved")
    assert settled.evidence["approval_code"] == answer_to(sale)["approval_code"]


def test_who_asks_again_whether_to_go_when_the_sale_has_moved_on_does_not_go(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    assert fetch(counter, sale)
    assert fetch(counter, sale), "the answer was lost, and the sale still waits"
    go_on_with_sale(sale_id=sale.id, now=NOON + 5 * MINUTE)
    assert state_of(sale) == SaleState.UNKNOWN
    assert not fetch(counter, sale, now=NOON + 6 * MINUTE), "nobody stands there any more"
    assert state_of(sale) == SaleState.NOT_PROCESSED
    assert order_of(sale).outcome == Outcome.NOT_SENT


def test_a_reversal_is_asked_about_only_once_it_may_have_reached_the_reader(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.APPROVED)
    reverse_sale(sale_id=sale.id, because="paid twice", staff=counter.head, now=NOON + MINUTE)
    go_on_with_sale(sale_id=sale.id, now=NOON + 2 * MINUTE)
    assert not ReaderOrder.objects.filter(sale=sale, kind="ask").exists(), "what was not sent is not found"
    go_on_with_sale(sale_id=sale.id, now=NOON + 12 * MINUTE)
    assert state_of(sale) == SaleState.REVIEW
    assert not fetch(counter, sale, "reverse", now=NOON + 13 * MINUTE), "it was withdrawn"


def test_a_clock_that_was_a_day_ahead_holds_nothing_up(counter: Counter, bill: Bill) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.UNKNOWN, now=NOON + DAY)
    report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + DAY)
    Sale.objects.filter(id=sale.id).update(next_step_at=NOON)
    for at in (10 * SECOND, 30 * SECOND, 50 * SECOND):
        go_on_with_sale(sale_id=sale.id, now=NOON + at)
        Reader.objects.filter(id=counter.reader.id).update(last_contact_at=NOON + at, last_status="ok")
        report(counter, sale, Outcome.NOT_FOUND, kind="ask", now=NOON + at + SECOND)
    assert state_of(sale) == SaleState.NOT_PROCESSED
