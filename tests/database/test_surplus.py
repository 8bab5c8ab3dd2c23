"""Money that found its bill settled: credit for the next bill, or back to the card, and never both."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillNotPayable
from bawabati.cases.models import Case
from bawabati.cases.rules import CaseClosed, ClosedAs
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.flows.apply_credit import KeyOfAnother, NoCredit, apply_credit
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.choose_surplus import NothingToChoose, SurplusChoice, choose_surplus
from bawabati.flows.close_case import close_case
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.refund_later import refund_later
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.release_hold import NothingHeld, release_hold
from bawabati.flows.send_notice import send_notice
from bawabati.flows.steps.refund_request import NothingToGiveBack
from bawabati.flows.steps.typed_words import AmountZero, WordsMissing
from bawabati.jobs.letters import letter
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.payments.models import CreditUse, Hold, Payment, PaymentEvent, Refund
from bawabati.payments.rules import RefundReason, RefundState, State
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import start
from people import AMINAS_CARD, KARIMS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill
from programs import Program

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(hours=1)
DUE = 1_430_50


def release(payment: Payment, because: str = "the customer stands at the till") -> None:
    release_hold(payment_id=payment.id, because=because, login=SALIMA, now=NOON)


@pytest.fixture
def surplus(outside: Outside, company: Company, bill: Bill) -> Payment:
    """Amina's payment, which found that Karim had paid the bill."""
    amina = start(company, bill, email="amina@example.com")
    release(amina)
    karim = start(company, bill, key="karim")
    outside.pay(karim.gateway_reference or "", KARIMS_CARD)
    confirm_payment(payment_id=karim.id, now=NOON + timedelta(minutes=1))
    outside.pay(amina.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=amina.id, now=NOON + timedelta(minutes=2))
    return Payment.objects.get(id=amina.id)


@pytest.fixture
def next_bill(company: Company, bill: Bill) -> Bill:
    """Another bill of the same customer, of 1,000 DA."""
    another = add_bill(company, seed=2, due_centimes=1_000_00)
    another.customer = bill.customer
    another.save()
    return another


def use(company: Company, bill: Bill, amount: int | None = None, *, key: str = "") -> CreditUse:
    return apply_credit(
        company=company,
        payment_number=bill.payment_number,
        amount=None if amount is None else Money(amount),
        because="asked",
        key=key or token_hex(8),
        login=SALIMA,
        now=LATER,
    )


def give_credit_back(payment: Payment, amount: int | None = None) -> Refund:
    money = None if amount is None else Money(amount)
    return ask_refund(
        payment_id=payment.id, reason=RefundReason.CREDIT, amount=money, because="asked", login=SALIMA, now=LATER
    )


def test_a_released_bill_can_be_paid_by_another_and_the_first_is_still_asked_about(
    outside: Outside, company: Company, bill: Bill
) -> None:
    amina = start(company, bill)
    release(amina)
    assert not Hold.objects.exists()
    assert start(company, bill, key="karim").state == State.AT_GATEWAY
    outside.pay(amina.gateway_reference or "", AMINAS_CARD)
    assert confirm_payment(payment_id=amina.id, now=NOON + timedelta(minutes=1)) is State.PAID
    event = PaymentEvent.objects.get(payment=amina, event="hold_released")
    assert event.evidence["because"] == "the customer stands at the till"
    with pytest.raises(NothingHeld):
        release(amina)
    assert check_books(now=LATER) == []


def test_freeing_a_bill_takes_a_role_and_a_reason(company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    with pytest.raises(NotAllowed):
        release_hold(payment_id=payment.id, because="because", login=OMAR, now=NOON)
    with pytest.raises(WordsMissing):
        release(payment, "  ")
    with pytest.raises(LooksLikeACardNumber):
        release(payment, f"paid with {AMINAS_CARD.number}")
    assert Hold.objects.count() == 1


def test_credit_pays_the_next_bill_and_what_is_left_stays_credit(
    company: Company, surplus: Payment, next_bill: Bill
) -> None:
    assert use(company, next_bill).amount_centimes == 1_000_00
    next_bill.refresh_from_db()
    assert (next_bill.settled_centimes, next_bill.settled_at) == (1_000_00, LATER)
    with pytest.raises(BillNotPayable):
        use(company, next_bill)
    assert give_credit_back(surplus).amount_centimes == DUE - 1_000_00
    assert check_books(now=LATER) == []


def test_no_more_credit_is_used_than_there_is(company: Company, surplus: Payment, next_bill: Bill) -> None:
    give_credit_back(surplus)
    with pytest.raises(NoCredit):
        use(company, next_bill)


def test_the_letter_of_a_surplus_says_that_the_payer_may_choose_and_until_when(
    surplus: Payment, sandbox: Program, outside: Outside, settings: LazySettings
) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"
    notice = Notice.objects.get(reference=f"receipt:{Receipt.objects.get(payment=surplus).id}")
    send_notice(notice_id=notice.id, write_letter=letter, now=LATER)
    promised = Case.objects.get(kind="surplus").promised_on
    assert f"{promised:%d/%m/%Y}" in outside.mails("amina@example.com")[0]["text"]


@pytest.mark.usefixtures("surplus")
def test_a_wish_that_is_repeated_takes_its_credit_once(company: Company, next_bill: Bill) -> None:
    assert use(company, next_bill, 100_00, key="a") == use(company, next_bill, 100_00, key="a")
    assert CreditUse.objects.count() == 1
    with pytest.raises(KeyOfAnother):
        use(company, next_bill, 50_00, key="a")
    use(company, next_bill, 100_00, key="b")
    assert CreditUse.objects.count() == 2


def test_a_bill_that_somebody_is_paying_takes_no_credit(company: Company, surplus: Payment, next_bill: Bill) -> None:
    assert surplus.state == State.PAID
    start(company, next_bill, key="next")
    with pytest.raises(BillNotPayable):
        use(company, next_bill)


def test_the_payer_has_it_back_on_the_card_once_a_person_agrees(outside: Outside, surplus: Payment) -> None:
    choose_surplus(payment_id=surplus.id, choice=SurplusChoice.CARD, now=LATER)
    choose_surplus(payment_id=surplus.id, choice=SurplusChoice.CARD, now=LATER)
    refund = Refund.objects.get()
    assert (refund.amount_centimes, refund.requested_by.is_system) == (DUE, True)
    approve_refund(refund_id=refund.id, login=SALIMA, now=LATER)
    assert refund_payment(refund_id=refund.id, now=LATER) is RefundState.DONE
    assert outside.order(surplus.gateway_reference or "")["returned_centimes"] == DUE
    assert Case.objects.get(kind="surplus").state == "closed"
    with pytest.raises(NothingToChoose):
        choose_surplus(payment_id=surplus.id, choice=SurplusChoice.CREDIT, now=LATER)
    assert check_books(now=LATER) == []


def test_the_payer_may_change_his_mind_until_somebody_agrees(
    company: Company, surplus: Payment, next_bill: Bill
) -> None:
    choose_surplus(payment_id=surplus.id, choice=SurplusChoice.CARD, now=LATER)
    choose_surplus(payment_id=surplus.id, choice=SurplusChoice.CREDIT, now=LATER)
    assert Refund.objects.get().state == RefundState.REFUSED
    assert Case.objects.get(kind="surplus").details["payer_chose"] == "credit"
    assert use(company, next_bill).amount_centimes == 1_000_00
    assert check_books(now=LATER) == []


def test_a_company_may_give_every_surplus_back(outside: Outside, company: Company, bill: Bill) -> None:
    company.surplus_becomes = "card"
    company.save()
    amina = start(company, bill)
    release(amina)
    karim = start(company, bill, key="karim")
    for payment, card in ((karim, KARIMS_CARD), (amina, AMINAS_CARD)):
        outside.pay(payment.gateway_reference or "", card)
        confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    refund = Refund.objects.get()
    assert (refund.payment_id, refund.state, refund.reason) == (amina.id, "requested", "credit")
    assert check_books(now=LATER) == []


def test_credit_is_used_or_given_back_and_never_both(
    company: Company, surplus: Payment, next_bill: Bill, together: Callable[..., list[Any]]
) -> None:
    answers = together(
        *[lambda: give_credit_back(surplus, 1_000_00)] * 8, *[lambda: use(company, next_bill, 1_000_00)] * 8
    )
    used = sum(answer.amount_centimes for answer in answers if isinstance(answer, CreditUse))
    given = sum(answer.amount_centimes for answer in answers if isinstance(answer, Refund))
    assert used + given <= DUE
    assert (used + given) > 0
    assert check_books(now=LATER) == []


def test_a_case_is_closed_once_with_a_reason(surplus: Payment) -> None:
    case = Case.objects.get(kind="surplus", reference=f"payment:{surplus.id}")
    with pytest.raises(NotAllowed):
        close_case(case_id=case.id, closed_as=ClosedAs.OTHER, because="seen", login=OMAR, now=LATER)
    close_case(
        case_id=case.id, closed_as=ClosedAs.OTHER, because="the customer keeps the credit", login=SALIMA, now=LATER
    )
    with pytest.raises(CaseClosed):
        close_case(case_id=case.id, closed_as=ClosedAs.OTHER, because="again", login=SALIMA, now=LATER)


def test_to_a_card_goes_back_the_credit_that_its_own_payment_brought(
    outside: Outside, company: Company, surplus: Payment, next_bill: Bill
) -> None:
    """Another payment of the same customer, from another card perhaps, is not where a surplus goes back to."""
    other = start(company, next_bill, key="next")
    outside.pay(other.gateway_reference or "", KARIMS_CARD)
    confirm_payment(payment_id=other.id, now=NOON + timedelta(minutes=3))
    with pytest.raises(NothingToGiveBack):
        give_credit_back(other)
    assert give_credit_back(surplus).amount_centimes == DUE


def test_no_amount_is_no_credit_used(company: Company, surplus: Payment, next_bill: Bill) -> None:
    assert surplus.state == State.PAID
    with pytest.raises(AmountZero):
        use(company, next_bill, 0)
    with pytest.raises(AmountZero):
        give_credit_back(surplus, 0)


def test_a_customers_story_explains_every_centime_of_his_credit(
    company: Company, surplus: Payment, next_bill: Bill, capsys: pytest.CaptureFixture[str]
) -> None:
    use(company, next_bill, 400_00)
    give_credit_back(surplus, 100_50)
    for number in (next_bill.payment_number, next_bill.bill_number, next_bill.customer.number):
        call_command("show_customer", number, company="oran")
        told = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
        assert told[-1] == "Credit now: 930.00 DA"
        assert [
            line.partition(": ")[2].split(",")[0] for line in told if line.startswith("Credit ") and "/" in line
        ] == [
            "1",
            "400.00 DA out",
            "100.50 DA out",
        ]
        assert sum(line.startswith("  payment ") for line in told) == 2
    with pytest.raises(CommandError, match="no customer"):
        call_command("show_customer", "nobody", company="oran")


def test_a_refund_that_breaks_us_lets_the_others_go_first(company: Company, surplus: Payment) -> None:
    refund = give_credit_back(surplus)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_later(refund_id=refund.id, now=LATER)
    refund.refresh_from_db()
    assert (refund.state, refund.next_step_at) == (RefundState.APPROVED, LATER + timedelta(minutes=5))
    assert company.id == refund.company_id
