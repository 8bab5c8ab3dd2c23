"""Defects in giving money back that a review proved, each with the proof that it is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bawabati.bills.models import Bill, Customer
from bawabati.cases.models import Case
from bawabati.cases.rules import ClosedAs
from bawabati.companies.models import Company
from bawabati.companies.rules import SurplusBecomes
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.flows.check_books import check_against_gateway, check_books
from bawabati.flows.choose_surplus import NothingToChoose, SurplusChoice, choose_surplus
from bawabati.flows.close_case import RefundStillOpen, close_case
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.ledger.writes import lock_credit
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, Refund
from bawabati.payments.rules import RefundReason, RefundState, RefundUnderWay, State
from outside import Outside
from paying import start
from people import AMINAS_CARD, NADIA, NOON, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

A_MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)
DUE = 1_430_50
AMINA = "C000001"
KARIM = "C000999"


def captured_in_vain(outside: Outside, company: Company, *bills: Bill, key: str) -> Payment:
    """A payment whose bills were cancelled while it was being made: all of it is surplus."""
    payment = start(company, *bills, key=key)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    Bill.objects.filter(id__in=[bill.id for bill in bills]).update(status="cancelled")
    confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    return Payment.objects.get(id=payment.id)


def credit_of(company: Company, holder: str) -> int:
    with transaction.atomic():
        return lock_credit(company_id=company.id, holder=holder).centimes


def give_to_karim(company: Company, *bills: Bill) -> None:
    """The billing system says that another customer has them now."""
    karim, _ = Customer.objects.get_or_create(company=company, number=KARIM, defaults={"name": "Karim"})
    Bill.objects.filter(id__in=[bill.id for bill in bills]).update(customer=karim)


def use(company: Company, bill: Bill) -> None:
    """Puts what credit there is to the bill."""
    apply_credit(
        company=company,
        payment_number=bill.payment_number,
        amount=None,
        because="asked",
        key=bill.payment_number,
        login=SALIMA,
        now=LATER,
    )


def give_back(payment: Payment, reason: RefundReason, amount: int | None = None) -> Refund:
    money = None if amount is None else Money(amount)
    return ask_refund(payment_id=payment.id, reason=reason, amount=money, because="asked", login=SALIMA, now=LATER)


def test_a_debt_of_the_customer_keeps_no_payment_from_being_posted(
    outside: Outside, company: Company, bill: Bill
) -> None:
    first = captured_in_vain(outside, company, bill, key="first")
    bought = add_bill(company, seed=2, due_centimes=1_000_00, customer_number=AMINA)
    use(company, bought)
    reversal = ask_reversal(payment_id=first.id, amount=None, because="the bank took it", login=SALIMA, now=LATER)
    approve_refund(refund_id=reversal.id, login=NADIA, now=LATER)
    Company.objects.filter(id=company.id).update(surplus_becomes=SurplusBecomes.CARD)
    third = add_bill(company, seed=3, due_centimes=500_00, customer_number=AMINA)
    second = captured_in_vain(outside, company, third, key="second")
    assert second.state == State.PAID
    assert Case.objects.filter(kind="surplus", reference=f"payment:{second.id}", state="open").exists()
    assert check_books(now=LATER) == []


def test_bills_that_have_parted_keep_no_payment_from_being_posted(outside: Outside, company: Company) -> None:
    Company.objects.filter(id=company.id).update(surplus_becomes=SurplusBecomes.CARD)
    bills = [add_bill(company, seed=seed, due_centimes=500_00, customer_number=AMINA) for seed in (11, 12)]
    payment = start(company, *bills)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    Bill.objects.filter(id__in=[bill.id for bill in bills]).update(status="cancelled")
    give_to_karim(company, bills[0])
    assert confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE) is State.PAID
    assert check_books(now=LATER) == []


def test_credit_that_does_not_go_back_is_again_whose_it_was(outside: Outside, company: Company, bill: Bill) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    refund = give_back(payment, RefundReason.CREDIT)
    give_to_karim(company, bill)
    refuse_refund(refund_id=refund.id, because="no", login=NADIA, now=LATER)
    assert (credit_of(company, AMINA), credit_of(company, KARIM)) == (DUE, 0)
    assert check_books(now=LATER) == []


def test_a_surplus_goes_back_although_the_bill_is_anothers_by_now(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    give_to_karim(company, bill)
    assert give_back(payment, RefundReason.CREDIT).amount_centimes == DUE
    assert check_books(now=LATER) == []


def test_what_is_taken_back_of_a_surplus_is_taken_from_whose_it_was(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    give_to_karim(company, bill)
    reversal = ask_reversal(payment_id=payment.id, amount=None, because="the bank took it", login=SALIMA, now=LATER)
    approve_refund(refund_id=reversal.id, login=NADIA, now=LATER)
    assert credit_of(company, AMINA) == 0
    assert not Case.objects.filter(kind="credit_overdrawn").exists()
    assert check_books(now=LATER) == []


def test_nobody_closes_the_case_of_a_refund_that_still_waits(outside: Outside, company: Company, bill: Bill) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    refund = give_back(payment, RefundReason.CREDIT)
    case = Case.objects.get(kind="refund")
    with pytest.raises(RefundStillOpen):
        close_case(case_id=case.id, closed_as=ClosedAs.OTHER, because="seen", login=SALIMA, now=LATER)
    assert Refund.objects.get(id=refund.id).state == RefundState.REQUESTED
    assert check_books(now=LATER) == []


def test_a_surplus_that_went_back_in_two_parts_needs_nobody_any_more(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    for amount in (1_000_00, 430_50):
        refund = give_back(payment, RefundReason.CREDIT, amount)
        approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
        assert refund_payment(refund_id=refund.id, now=LATER) is RefundState.DONE
    assert Case.objects.get(kind="surplus").state == "closed"
    assert check_books(now=LATER) == []


def test_a_case_says_why_its_refund_waits_now(outside: Outside, company: Company, bill: Bill) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    refund = give_back(payment, RefundReason.CREDIT)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    outside.give_back(payment.gateway_reference or "", 100_00)
    assert refund_payment(refund_id=refund.id, now=LATER) is RefundState.MANUAL
    assert Case.objects.get(kind="refund").details["why"] == "gateway_holds_another_sum"


def test_the_payer_has_back_what_nobody_has_used_of_his_surplus(outside: Outside, company: Company, bill: Bill) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    bought = add_bill(company, seed=2, due_centimes=1_000_00, customer_number=AMINA)
    use(company, bought)
    choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=LATER)
    assert Refund.objects.get().amount_centimes == 430_50
    choose_surplus(payment_id=payment.id, choice=SurplusChoice.CREDIT, now=LATER)
    use(company, add_bill(company, seed=3, due_centimes=500_00, customer_number=AMINA))
    with pytest.raises(NothingToChoose):
        choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=LATER)
    assert check_books(now=LATER) == []


def test_nothing_is_promised_to_the_card_while_other_money_of_the_payment_goes_back(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    give_back(payment, RefundReason.GOODWILL, 100_00)
    with pytest.raises(RefundUnderWay):
        choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=LATER)
    choose_surplus(payment_id=payment.id, choice=SurplusChoice.CREDIT, now=LATER)
    assert Case.objects.get(kind="surplus").details["payer_chose"] == "credit"


def test_a_refund_of_an_old_payment_is_compared_with_the_gateway_too(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    much_later = NOON + timedelta(days=30)
    refund = ask_refund(
        payment_id=payment.id,
        reason=RefundReason.CREDIT,
        amount=Money(400_00),
        because="asked",
        login=SALIMA,
        now=much_later,
    )
    approve_refund(refund_id=refund.id, login=NADIA, now=much_later)
    assert refund_payment(refund_id=refund.id, now=much_later) is RefundState.DONE
    since = much_later - timedelta(days=3)
    assert check_against_gateway(since=since) == []
    outside.give_back(payment.gateway_reference or "", 400_00)
    assert [found.check for found in check_against_gateway(since=since)] == ["gateway_gave_money_back"]


def test_the_database_lets_no_more_go_back_than_was_captured(outside: Outside, company: Company, bill: Bill) -> None:
    payment = captured_in_vain(outside, company, bill, key="first")
    refund = give_back(payment, RefundReason.CREDIT, 1_000_00)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)

    def another(of: Payment, centimes: int) -> Callable[[], object]:
        columns = {"company_id": of.company_id, "kind": "refund", "reason": "goodwill", "because": "asked"}
        who = {"requested_by": refund.requested_by, "requested_at": LATER}
        return lambda: Refund.objects.create(payment=of, amount_centimes=centimes, **columns, **who)

    refused(another(payment, 430_51), "no more goes back than was captured")
    unpaid = start(company, add_bill(company, seed=2), key="unpaid")
    refused(another(unpaid, 1), "no more goes back than was captured")
    another(payment, 430_50)()
    waiting = Refund.objects.filter(state=RefundState.REQUESTED)
    refused(lambda: waiting.update(amount_centimes=430_49), "not rewritten")


def refused(change: Callable[[], object], because: str) -> None:
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        change()
