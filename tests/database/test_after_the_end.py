"""What the gateway says of attempts whose story is told, and what becomes of money that it found."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_against_gateway, check_against_issuer, check_books
from bawabati.flows.compare_payment import compare_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.recover_payment import recover_payment
from bawabati.notices.models import Notice
from bawabati.payments.models import Payment, PaymentEvent, PaymentLine
from bawabati.payments.rules import Discrepancy, State
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import ended, ended_with_money, issuers_words, reference, start
from people import AMINAS_CARD, KARIMS_CARD, NOON, add_bill

pytestmark = pytest.mark.usefixtures("database")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
LATER = NOON + timedelta(days=3)


def compared(payment: Payment, *, tells_the_office: bool = True) -> Discrepancy | None:
    found, _reason = compare_payment(payment_id=payment.id, tells_the_office=tells_the_office, now=LATER)
    return found


def issuer_agrees(outside: Outside, payment: Payment) -> bool:
    words = [word for word in issuers_words(outside) if word.reference == reference(payment)]
    return check_against_issuer(words) == []


def test_money_of_an_attempt_that_ended_unpaid_becomes_a_payment_beside_it(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = ended_with_money(outside, company, bill, email="amina@example.com")
    assert compared(payment) is Discrepancy.NOT_POSTED
    assert not issuer_agrees(outside, payment)

    recovered = recover_payment(payment_id=payment.id, now=LATER)

    assert recovered is not None
    payment.refresh_from_db()
    recovered.refresh_from_db()
    bill.refresh_from_db()
    assert (payment.state, recovered.state, recovered.recovered_from_id) == (State.DECLINED, State.PAID, payment.id)
    assert (recovered.order_number, recovered.gateway_reference) == (payment.order_number, payment.gateway_reference)
    assert (bill.settled_centimes, Receipt.objects.get().payment_id) == (1_430_50, recovered.id)
    assert list(
        PaymentEvent.objects.filter(payment=recovered).order_by("sequence").values_list("event", "to_state")
    ) == [("opened", "opened"), ("recovered", "paid")]
    assert (Case.objects.get().kind, Case.objects.get().reference) == ("paid_after_end", f"payment:{payment.id}")
    assert Notice.objects.get().address_row.address == "amina@example.com"
    assert check_books(now=LATER) == []
    assert check_against_gateway(since=NOON) == []
    assert issuer_agrees(outside, payment)


def test_what_was_recovered_is_recovered_once(outside: Outside, company: Company, bill: Bill) -> None:
    payment = ended_with_money(outside, company, bill)
    first, second = (recover_payment(payment_id=payment.id, now=LATER) for _ in range(2))
    assert first is not None
    assert first == second
    assert recover_payment(payment_id=first.id, now=LATER) is None
    assert (Payment.objects.count(), Receipt.objects.count()) == (2, 1)


def test_recovered_money_that_finds_its_bill_settled_is_a_surplus(
    outside: Outside, company: Company, bill: Bill
) -> None:
    late = ended_with_money(outside, company, bill)
    second = start(company, bill, key="another", now=LATER)
    outside.pay(reference(second), KARIMS_CARD)
    confirm_payment(payment_id=second.id, now=LATER + timedelta(minutes=1))
    recovered = recover_payment(payment_id=late.id, now=LATER + timedelta(minutes=2))
    line = PaymentLine.objects.get(payment=recovered)
    assert (line.settled_centimes, line.surplus_centimes) == (0, 1_430_50)
    assert set(Case.objects.values_list("kind", flat=True)) == {"surplus", "paid_after_end"}
    assert check_books(now=LATER + timedelta(minutes=2)) == []


def test_nothing_is_recovered_of_an_attempt_that_is_open_paid_or_truly_unpaid(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    assert recover_payment(payment_id=payment.id, now=NOON) is None, "it is open, and confirmed instead"
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    assert recover_payment(payment_id=payment.id, now=LATER) is None
    unpaid = ended(start(company, add_bill(company, seed=2), key="unpaid"))
    assert recover_payment(payment_id=unpaid.id, now=LATER) is None
    assert compared(unpaid) is None
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("wrong", ["wrong_amount", "wrong_currency", "wrong_order"])
def test_money_that_is_not_exactly_ours_is_a_case_and_is_not_posted(
    outside: Outside, company: Company, bill: Bill, wrong: str
) -> None:
    payment = ended_with_money(outside, company, bill)
    with outside.fault(wrong, call=ACKNOWLEDGE):
        assert compared(payment) is Discrepancy.NOT_OURS
        assert recover_payment(payment_id=payment.id, now=LATER) is None
    assert Case.objects.get().kind == "mismatch"
    assert not Receipt.objects.exists()


def test_an_order_whose_registration_was_never_answered_is_compared_by_our_number(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("close", call="register.do", effect=True, times=1):
        payment = start(company, bill)
    with outside.fault("error_5", call="getOrderStatusExtended.do"):
        for minutes in (6, 8):
            confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=minutes))
    payment.refresh_from_db()
    assert (payment.state, payment.gateway_reference) == (State.FAILED, None)
    assert compared(payment) is None
    (order,) = outside.orders(payment.order_number)
    outside.pay(order["md_order"], AMINAS_CARD)

    assert compared(payment) is Discrepancy.NOT_POSTED
    recovered = recover_payment(payment_id=payment.id, now=LATER)

    assert recovered is not None
    assert recovered.gateway_reference == order["md_order"]
    assert check_books(now=LATER) == []


def test_money_that_the_gateway_gave_back_is_a_case_and_nothing_changes(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    assert compared(payment) is None
    outside.give_back(reference(payment), 1_430_50)

    assert compared(payment, tells_the_office=False) is Discrepancy.GIVEN_BACK
    assert not Case.objects.exists()
    assert compared(payment) is Discrepancy.GIVEN_BACK

    payment.refresh_from_db()
    assert payment.state == State.PAID
    assert Case.objects.get().kind == "taken_back"
    assert [difference.check for difference in check_against_gateway(since=NOON)] == ["gateway_gave_money_back"]


def test_a_part_that_the_gateway_gave_back_is_seen_too(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    outside.give_back(reference(payment), 30_50)
    assert compared(payment) is Discrepancy.GIVEN_BACK


def test_a_posted_payment_that_the_gateway_calls_unpaid_is_a_case(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    outside.reset()
    assert compared(payment) is Discrepancy.NOT_TAKEN
    assert Case.objects.get().kind == "not_paid_at_gateway"


def test_a_silent_gateway_is_no_case(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    with outside.fault("status", call=ACKNOWLEDGE, status=503):
        assert compared(payment) is Discrepancy.NO_ANSWER
    assert not Case.objects.exists()


def test_the_database_refuses_to_recover_what_has_not_ended_unpaid(company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    with pytest.raises(DatabaseError, match="nothing to recover"), transaction.atomic():
        Payment.objects.create(
            **{
                field.attname: getattr(payment, field.attname)
                for field in Payment._meta.concrete_fields
                if field.attname not in {"id", "recovered_from_id", "start_key", "state"}
            },
            start_key="another",
            state=State.OPENED,
            recovered_from=payment,
        )
