"""Money goes back once, with two people, and books, bills and gateway agree afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.flows.check_books import IssuerOrder, check_against_issuer, check_books
from bawabati.flows.close_refund import GatewayShowsOtherwise, HowClosed, close_refund
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.steps.refund_request import NothingToGiveBack, NotPaid
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.payments.models import Payment, Refund, RefundEvent
from bawabati.payments.rules import RefundReason, RefundState, RefundStepNotAllowed, RefundUnderWay, TooMuch
from bawabati.people.rules import NotAllowed, SamePerson
from outside import Outside
from paying import start
from people import AMINAS_CARD, NADIA, NOON, OMAR, SALIMA

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(hours=1)
MISTAKE = "paid by mistake"
DUE = 1_430_50


@pytest.fixture
def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    payment = start(company, bill, email="amina@example.com")
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    return Payment.objects.get(id=payment.id)


def ask(payment: Payment, amount: int | None = None, reason: RefundReason = RefundReason.BILL_DUE_AGAIN) -> Refund:
    money = None if amount is None else Money(amount)
    return ask_refund(payment_id=payment.id, reason=reason, amount=money, because=MISTAKE, login=SALIMA, now=LATER)


def approve(refund: Refund, now: datetime = LATER) -> Refund:
    return approve_refund(refund_id=refund.id, login=NADIA, now=now)


def carry_out(refund: Refund, now: datetime = LATER) -> RefundState:
    return refund_payment(refund_id=refund.id, now=now)


def steps(refund: Refund) -> list[str]:
    return list(RefundEvent.objects.filter(refund=refund).order_by("sequence").values_list("event", flat=True))


def held(outside: Outside, payment: Payment) -> int:
    order = outside.order(payment.gateway_reference or "")
    return int(order["captured_centimes"] - order["returned_centimes"])


def test_a_whole_refund_goes_back_once_and_the_bill_is_due_again(outside: Outside, paid: Payment, bill: Bill) -> None:
    refund = ask(paid)
    assert approve(refund).state == RefundState.APPROVED
    assert carry_out(refund) is RefundState.DONE
    assert carry_out(refund) is RefundState.DONE

    assert held(outside, paid) == 0
    bill.refresh_from_db()
    assert (bill.settled_centimes, bill.settled_at) == (0, None)
    assert steps(refund) == ["requested", "approved", "claimed", "answered_done"]
    assert list(Notice.objects.order_by("id").values_list("kind", flat=True)) == [
        "receipt",
        "refund_requested",
        "refund_approved",
        "refund_done",
    ]
    assert Case.objects.get(kind="refund").state == "closed"
    assert check_books(now=LATER) == []


def test_a_part_goes_back_and_the_rest_stays_paid(outside: Outside, paid: Payment, bill: Bill) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    assert carry_out(refund) is RefundState.DONE
    assert held(outside, paid) == DUE - 400_00
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE - 400_00
    with pytest.raises(TooMuch):
        ask(paid, DUE)
    second = ask(paid, DUE - 400_00)
    approve(second)
    assert carry_out(second) is RefundState.DONE
    assert held(outside, paid) == 0
    assert check_books(now=LATER) == []


def test_goodwill_leaves_the_bill_paid(outside: Outside, paid: Payment, bill: Bill) -> None:
    refund = ask(paid, 100_00, RefundReason.GOODWILL)
    approve(refund)
    carry_out(refund)
    bill.refresh_from_db()
    assert (bill.settled_centimes, held(outside, paid)) == (DUE, DUE - 100_00)
    assert check_books(now=LATER) == []


def test_nobody_approves_what_he_asked_for(paid: Payment) -> None:
    refund = ask(paid)
    with pytest.raises(SamePerson):
        approve_refund(refund_id=refund.id, login=SALIMA, now=LATER)
    with pytest.raises(NotAllowed):
        approve_refund(refund_id=refund.id, login=OMAR, now=LATER)
    assert carry_out(refund) is RefundState.REQUESTED


def test_one_refund_of_a_payment_at_a_time(paid: Payment) -> None:
    refund = ask(paid, 100_00)
    with pytest.raises(RefundUnderWay):
        ask(paid, 100_00)
    refuse_refund(refund_id=refund.id, because="not ours", login=NADIA, now=LATER)
    assert ask(paid, 100_00).state == RefundState.REQUESTED


def test_what_is_not_paid_does_not_go_back(company: Company, bill: Bill) -> None:
    with pytest.raises(NotPaid):
        ask(start(company, bill))


def test_without_credit_no_credit_goes_back(paid: Payment) -> None:
    with pytest.raises(NothingToGiveBack):
        ask(paid, reason=RefundReason.CREDIT)


def test_a_refund_that_happened_without_an_answer_is_found_and_not_repeated(outside: Outside, paid: Payment) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    with outside.fault("close", call="refund.do", effect=True, times=1):
        assert carry_out(refund) is RefundState.REFUNDING
    assert held(outside, paid) == DUE - 400_00
    assert carry_out(refund, LATER + timedelta(minutes=1)) is RefundState.REFUNDING
    assert carry_out(refund, LATER + timedelta(minutes=3)) is RefundState.DONE
    assert held(outside, paid) == DUE - 400_00
    assert steps(refund)[-1] == "found_done"
    assert check_books(now=LATER) == []


def test_a_refund_that_never_happened_is_repeated_only_after_two_readings(outside: Outside, paid: Payment) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    with outside.fault("close", call="refund.do", effect=False, times=1):
        carry_out(refund)
    assert carry_out(refund, LATER + timedelta(minutes=3)) is RefundState.REFUNDING
    assert carry_out(refund, LATER + timedelta(minutes=5)) is RefundState.REFUNDING
    assert carry_out(refund, LATER + timedelta(minutes=14)) is RefundState.APPROVED
    assert held(outside, paid) == DUE
    assert carry_out(refund, LATER + timedelta(minutes=15)) is RefundState.DONE
    assert held(outside, paid) == DUE - 400_00


def test_a_worker_who_stood_still_after_the_claim_sends_nothing_any_more(
    outside: Outside, paid: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    clock = iter((1000.0, 1120.0))
    monkeypatch.setattr("bawabati.flows.refund_payment.monotonic", lambda: next(clock))
    assert carry_out(refund) is RefundState.REFUNDING
    monkeypatch.undo()
    assert held(outside, paid) == DUE
    for minutes in (3, 14):
        carry_out(refund, LATER + timedelta(minutes=minutes))
    assert carry_out(refund, LATER + timedelta(minutes=15)) is RefundState.DONE
    assert held(outside, paid) == DUE - 400_00


def test_after_three_tries_a_person_is_asked(outside: Outside, paid: Payment) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    now = LATER
    with outside.fault("close", call="refund.do", effect=False):
        for _ in range(12):
            carry_out(refund, now)
            now += timedelta(minutes=11)
    refund.refresh_from_db()
    assert (refund.state, refund.tries, refund.next_step_at) == (RefundState.MANUAL, 3, None)
    assert Case.objects.get(kind="refund").state == "open"
    with pytest.raises(GatewayShowsOtherwise):
        close_refund(refund_id=refund.id, how=HowClosed.DONE, because="slip 12", login=NADIA, now=now)
    close_refund(refund_id=refund.id, how=HowClosed.OTHERWISE, because="transfer 77", login=NADIA, now=now)
    refund.refresh_from_db()
    assert (refund.state, refund.past_the_gateway) == (RefundState.DONE, True)
    assert check_books(now=now) == []


def test_money_that_somebody_gave_back_elsewhere_stops_the_machine(outside: Outside, paid: Payment) -> None:
    outside.give_back(paid.gateway_reference or "", 100_00)
    refund = ask(paid, 400_00)
    approve(refund)
    assert carry_out(refund) is RefundState.MANUAL
    assert held(outside, paid) == DUE - 100_00


def test_what_the_bank_took_back_is_not_given_in_another_way_besides(outside: Outside, paid: Payment) -> None:
    outside.give_back(paid.gateway_reference or "", 100_00)
    refund = ask(paid, DUE)
    approve(refund)
    assert carry_out(refund) is RefundState.MANUAL
    with pytest.raises(GatewayShowsOtherwise):
        close_refund(refund_id=refund.id, how=HowClosed.OTHERWISE, because="transfer 78", login=NADIA, now=LATER)
    close_refund(refund_id=refund.id, how=HowClosed.REFUSED, because="100 DA went back", login=NADIA, now=LATER)
    assert check_books(now=LATER) == []


def test_a_reversal_is_written_by_two_people_and_sent_to_nobody(outside: Outside, paid: Payment, bill: Bill) -> None:
    outside.give_back(paid.gateway_reference or "", DUE)
    reversal = ask_reversal(payment_id=paid.id, amount=None, because="chargeback 9", login=SALIMA, now=LATER)
    assert approve(reversal).state == RefundState.DONE
    bill.refresh_from_db()
    assert bill.settled_centimes == 0
    orders = [outside.order(paid.gateway_reference or "")]
    assert orders[0]["returned_centimes"] == DUE
    assert check_books(now=LATER) == []


def test_sixteen_workers_give_back_once(outside: Outside, paid: Payment, together: Callable[..., list[Any]]) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    together(*[lambda: carry_out(refund)] * 16)
    assert held(outside, paid) == DUE - 400_00
    assert Transfer.objects.filter(reason="refund").count() == 1
    assert check_books(now=LATER) == []


def test_approving_and_refusing_at_once_decides_once(paid: Payment, together: Callable[..., list[Any]]) -> None:
    refund = ask(paid, 400_00)
    answers = together(
        *[lambda: approve(refund)] * 8,
        *[lambda: refuse_refund(refund_id=refund.id, because="no", login=NADIA, now=LATER)] * 8,
    )
    assert sum(isinstance(answer, Refund) for answer in answers) == 1
    assert sum(isinstance(answer, RefundStepNotAllowed) for answer in answers) == 15


def test_what_the_issuer_says_and_what_we_posted_agree_after_a_refund(outside: Outside, paid: Payment) -> None:
    refund = ask(paid, 400_00)
    approve(refund)
    carry_out(refund)
    order = outside.order(paid.gateway_reference or "")
    issuer = IssuerOrder(
        reference=order["md_order"],
        captured_centimes=order["captured_centimes"],
        returned_centimes=order["returned_centimes"],
    )
    assert check_against_issuer([issuer]) == []
