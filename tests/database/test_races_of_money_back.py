"""Refunds and credit at the same moment as everything else, sixteen at a time.

After each race the books agree with themselves, with the gateway and with the issuer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.apply_credit import NoCredit, apply_credit
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_against_gateway, check_against_issuer, check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.import_bills import import_bills
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.release_hold import release_hold
from bawabati.flows.steps.refund_request import NothingToGiveBack
from bawabati.jobs.comparison import Finding, compare_with_gateway
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import CreditUse, Payment, Refund
from bawabati.payments.rules import RefundReason, RefundState, RefundStepNotAllowed, RefundUnderWay, State, TooMuch
from bawabati.people.models import Staff
from outside import Outside
from paying import issuers_words, start
from people import AMINAS_CARD, KARIMS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

Together = Callable[..., list[Any]]
DUE = 1_430_50
A_MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)
HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"


@pytest.fixture(autouse=True)
def the_books_agree_after_it(outside: Outside, company: Company) -> Iterator[None]:  # noqa: ARG001 - it is open
    yield
    assert check_books(now=LATER) == []
    assert check_against_issuer(issuers_words(outside)) == []
    assert check_against_gateway(since=NOON - A_MINUTE) == []


@pytest.fixture
def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    return Payment.objects.get(id=payment.id)


@pytest.fixture
def surplus(outside: Outside, company: Company, bill: Bill) -> Payment:
    """All of it found the bill cancelled: it is the customer's credit."""
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    Bill.objects.filter(id=bill.id).update(status="cancelled")
    confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    return Payment.objects.get(id=payment.id)


def asking(
    payment: Payment, amount: int = DUE, reason: RefundReason = RefundReason.BILL_DUE_AGAIN
) -> Callable[[], Refund]:
    return lambda: ask_refund(
        payment_id=payment.id, reason=reason, amount=Money(amount), because="a mistake", login=SALIMA, now=LATER
    )


def approving(refund: Refund) -> Callable[[], Refund]:
    return lambda: approve_refund(refund_id=refund.id, login=NADIA, now=LATER)


def refusing(refund: Refund) -> Callable[[], Refund]:
    return lambda: refuse_refund(refund_id=refund.id, because="no", login=NADIA, now=LATER)


def carrying_out(refund: Refund) -> Callable[[], RefundState]:
    return lambda: refund_payment(refund_id=refund.id, now=LATER)


def surprises(answers: list[Any], *, but: type[Exception] | tuple[type[Exception], ...] = ()) -> list[Exception]:
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, but)]


def importing(company: Company, path: Path, bill: Bill, *, due: str) -> Callable[[], object]:
    values = (bill.payment_number, bill.bill_number, bill.customer.number, "Amina Benali")
    line = ";".join((*values, "2026-T3", "05/10/2026", "05/12/2026", due, "", due))
    path.write_text(f"{HEAD}\n{line}\n", encoding="utf-8")
    omar = Staff.objects.get(login=OMAR)
    return lambda: import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=LATER)


def given_back(outside: Outside, payment: Payment) -> int:
    returned: int = outside.order(payment.gateway_reference or "")["returned_centimes"]
    return returned


def test_sixteen_ask_for_the_same_money_and_one_refund_is_asked_for(paid: Payment, together: Together) -> None:
    answers = together(*[asking(paid)] * 16)
    assert surprises(answers, but=RefundUnderWay) == []
    assert Refund.objects.count() == 1


def test_sixteen_carry_one_refund_out_and_the_card_has_it_once(
    outside: Outside, paid: Payment, bill: Bill, together: Together
) -> None:
    refund = asking(paid, 430_50)()
    approving(refund)()
    assert surprises(together(*[carrying_out(refund)] * 16)) == []
    refund.refresh_from_db()
    bill.refresh_from_db()
    assert (refund.state, refund.tries, given_back(outside, paid)) == (RefundState.DONE, 1, 430_50)
    assert bill.settled_centimes == 1_000_00


def test_a_refund_is_approved_or_refused(outside: Outside, paid: Payment, together: Together) -> None:
    refund = asking(paid)()
    answers = together(*[approving(refund)] * 8, *[refusing(refund)] * 8)
    assert surprises(answers, but=RefundStepNotAllowed) == []
    assert len([answer for answer in answers if isinstance(answer, Refund)]) == 1
    refund.refresh_from_db()
    carrying_out(refund)()
    assert given_back(outside, paid) == (DUE if refund.state == RefundState.APPROVED else 0)


def test_credit_is_used_for_a_bill_or_goes_back_to_the_card_and_never_both(
    outside: Outside, company: Company, surplus: Payment, together: Together
) -> None:
    next_bills = [add_bill(company, seed=seed) for seed in range(2, 10)]
    Bill.objects.exclude(status="cancelled").update(customer=surplus.lines.get().bill.customer)

    def using(bill: Bill) -> Callable[[], CreditUse]:
        return lambda: apply_credit(
            company=company,
            payment_number=bill.payment_number,
            amount=None,
            because="next",
            key=bill.payment_number,
            login=SALIMA,
            now=LATER,
        )

    answers = together(*map(using, next_bills), *[asking(surplus, DUE, RefundReason.CREDIT)] * 8)
    assert surprises(answers, but=(NoCredit, TooMuch, NothingToGiveBack, RefundUnderWay)) == []
    used = sum(CreditUse.objects.values_list("amount_centimes", flat=True))
    asked = sum(Refund.objects.values_list("amount_centimes", flat=True))
    assert used + asked == DUE
    for refund in Refund.objects.all():
        approving(refund)()
        carrying_out(refund)()
    assert given_back(outside, surplus) == asked


def test_credit_is_used_once_however_many_use_it_for_one_bill(
    company: Company, surplus: Payment, together: Together
) -> None:
    next_bill = add_bill(company, seed=2, due_centimes=1_000_00)
    Bill.objects.filter(id=next_bill.id).update(customer=surplus.lines.get().bill.customer)

    def using() -> CreditUse:
        return apply_credit(
            company=company,
            payment_number=next_bill.payment_number,
            amount=Money(100_00),
            because="next",
            key="one wish",
            login=SALIMA,
            now=LATER,
        )

    answers = together(*[using] * 16)
    assert surprises(answers) == []
    assert [use.amount_centimes for use in CreditUse.objects.all()] == [100_00]


@pytest.mark.parametrize("due", ["500,00", "0,00", "2000,00"])
def test_a_refund_and_a_file_that_changes_the_bill(
    outside: Outside, company: Company, paid: Payment, bill: Bill, together: Together, tmp_path: Path, due: str
) -> None:
    refund = asking(paid, 1_000_00)()
    approving(refund)()
    changed = importing(company, tmp_path / "bills.csv", Bill.objects.select_related("customer").get(), due=due)
    assert surprises(together(changed, *[carrying_out(refund)] * 15)) == []
    bill.refresh_from_db()
    owed = Transfer.objects.filter(credit__code="419").values_list("amount_centimes", flat=True)
    taken = Transfer.objects.filter(debit__code="419").values_list("amount_centimes", flat=True)
    assert given_back(outside, paid) == 1_000_00
    assert bill.settled_centimes + sum(owed) - sum(taken) == DUE - 1_000_00
    assert bill.settled_centimes <= bill.due_centimes


def test_what_is_confirmed_can_be_asked_back_at_once_and_not_before(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)

    def confirming() -> State:
        return confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)

    answers = together(*[confirming] * 8, *[asking(payment)] * 8)
    assert surprises(answers, but=CannotDo) == []
    for refund in Refund.objects.all():
        approving(refund)()
        carrying_out(refund)()
    assert given_back(outside, payment) == DUE * Refund.objects.count()


def test_the_comparison_does_not_take_a_refund_under_way_for_a_theft(paid: Payment, together: Together) -> None:
    refund = asking(paid, 430_50)()
    approving(refund)()

    def comparing() -> list[Finding]:
        return list(compare_with_gateway(since=NOON - A_MINUTE, repairs=True))

    answers = together(*[comparing] * 4, *[carrying_out(refund)] * 4)
    assert surprises(answers) == []
    assert not Case.objects.filter(kind="taken_back").exists()


def test_a_refund_of_which_nobody_knows_is_no_theft_either(outside: Outside, paid: Payment) -> None:
    refund = asking(paid, 430_50)()
    approving(refund)()
    with outside.fault("close", call="refund.do", effect=True, times=1):
        assert carrying_out(refund)() is RefundState.REFUNDING
    assert list(compare_with_gateway(since=NOON - A_MINUTE, repairs=True)) == []
    assert check_against_gateway(since=NOON - A_MINUTE) == []
    assert not Case.objects.filter(kind="taken_back").exists()
    assert refund_payment(refund_id=refund.id, now=LATER + 15 * A_MINUTE) is RefundState.DONE


def test_a_bill_that_was_freed_by_hand_is_paid_by_somebody_else_while_its_money_arrives(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    first = start(company, bill)
    release_hold(payment_id=first.id, because="at the desk", login=SALIMA, now=NOON)
    second = start(company, bill, key="second")
    outside.pay(first.gateway_reference or "", AMINAS_CARD)
    outside.pay(second.gateway_reference or "", KARIMS_CARD)
    answers = together(
        *[lambda: confirm_payment(payment_id=first.id, now=NOON + A_MINUTE)] * 8,
        *[lambda: confirm_payment(payment_id=second.id, now=NOON + A_MINUTE)] * 8,
    )
    assert surprises(answers) == []
    assert dict(Transfer.objects.values_list("reason", "amount_centimes")) == {"capture": DUE, "surplus": DUE}
