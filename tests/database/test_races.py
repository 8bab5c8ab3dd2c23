"""Everything that may happen at the same moment, sixteen at a time, on connections of their own.

After each race the books agree with themselves, with the gateway and with the issuer, and each fact stands there once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillChanged, BillNotPayable
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.defer import Job
from bawabati.flows.check_books import check_against_gateway, check_against_issuer, check_books
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.heed_callback import Heeded, heed_callback
from bawabati.flows.import_bills import import_bills
from bawabati.flows.recover_payment import recover_payment
from bawabati.jobs.comparison import compare_with_gateway
from bawabati.ledger.models import Transfer
from bawabati.notices.models import Notice
from bawabati.payments.models import Hold, Payment, PaymentEvent
from bawabati.payments.rules import State
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import ended_with_money, issuers_words, reference, start
from people import AMINAS_CARD, KARIMS_CARD, NOON, OMAR, YACINES_CARD, add_bill

pytestmark = pytest.mark.usefixtures("database")

Together = Callable[..., list[Any]]
AT_ONCE = 16
A_MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(days=3)
HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"


@pytest.fixture(autouse=True)
def the_books_agree_after_it(outside: Outside, company: Company) -> Iterator[None]:  # noqa: ARG001 - it is open
    yield
    at = max([*Payment.objects.values_list("ended_at", flat=True).exclude(ended_at=None), NOON])
    assert check_books(now=at) == []
    assert check_against_issuer(issuers_words(outside)) == []
    assert check_against_gateway(since=NOON - A_MINUTE) == []


def confirming(payment: Payment, now: datetime = NOON + A_MINUTE, **how: bool) -> Callable[[], State]:
    return lambda: confirm_payment(payment_id=payment.id, now=now, **how)


def starting(company: Company, *bills: Bill, key: str, now: datetime = NOON + A_MINUTE) -> Callable[[], Payment]:
    return lambda: start(company, *bills, key=key, now=now)


def importing(company: Company, path: Path, *lines: str, now: datetime = NOON + A_MINUTE) -> Callable[[], object]:
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    omar = Staff.objects.get(login=OMAR)
    return lambda: import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=now)


def line(bill: Bill, *, due: str = "1430,50", status: str = "") -> str:
    values = (bill.payment_number, bill.bill_number, bill.customer.number, "Amina Benali")
    return ";".join((*values, "2026-T3", "05/10/2026", "05/12/2026", due, status, due))


def surprises(answers: list[Any], *, but: type[Exception] | tuple[type[Exception], ...] = ()) -> list[Exception]:
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, but)]


def paid_attempts(outside: Outside, company: Company, count: int, *, due_centimes: int = 1_430_50) -> list[Payment]:
    """So many attempts, each on a bill of its own, whose cards have been debited."""
    payments = [
        start(company, add_bill(company, seed=seed, due_centimes=due_centimes), key=f"paid {seed}", now=NOON)
        for seed in range(count)
    ]
    for payment in payments:
        outside.pay(reference(payment), AMINAS_CARD)
    return payments


def test_one_form_pressed_at_once_for_different_bills_starts_one_attempt(
    outside: Outside, company: Company, together: Together
) -> None:
    assert outside
    bills = [add_bill(company, seed=seed) for seed in range(2, 2 + AT_ONCE)]
    ends = together(*[starting(company, bill, key="the form") for bill in bills])
    assert surprises(ends) == []
    assert {end.id for end in ends} == {Payment.objects.get().id}


def test_sixteen_confirm_and_one_receipt_one_posting_and_one_letter_are_there(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    payment = start(company, bill, email="amina@example.com")
    outside.pay(reference(payment), AMINAS_CARD)
    assert together(*[confirming(payment)] * AT_ONCE) == [State.PAID] * AT_ONCE
    assert (Receipt.objects.count(), Transfer.objects.count(), Notice.objects.count()) == (1, 1, 1)
    assert PaymentEvent.objects.filter(event="confirmed").count() == 1


def test_while_one_is_confirmed_nobody_starts_on_its_bill(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    starts = [starting(company, bill, key=f"another {number}") for number in range(AT_ONCE // 2)]
    answers = together(*[confirming(payment)] * (AT_ONCE // 2), *starts)
    assert answers[: AT_ONCE // 2] == [State.PAID] * (AT_ONCE // 2)
    assert all(isinstance(answer, BillNotPayable) for answer in answers[AT_ONCE // 2 :])
    assert Payment.objects.count() == 1


def test_while_one_is_refused_at_most_one_other_starts_on_its_bill(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    payment = start(company, bill)
    outside.pay(reference(payment), YACINES_CARD)
    starts = [starting(company, bill, key=f"another {number}") for number in range(AT_ONCE // 2)]
    answers = together(*[confirming(payment, came_back_by_fail=True)] * (AT_ONCE // 2), *starts)
    assert surprises(answers, but=BillNotPayable) == []
    started = [answer for answer in answers if isinstance(answer, Payment)]
    assert len(started) <= 1
    assert Hold.objects.count() == len(started)


def test_sixteen_choose_among_three_bills_in_any_order_and_nobody_waits_for_ever(
    company: Company, together: Together
) -> None:
    bills = [add_bill(company, seed=seed, customer_number="C1") for seed in range(3)]
    Bill.objects.update(customer=bills[0].customer)  # what is paid together is one customer's
    choices = [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0), (0, 1, 2), (2, 1, 0)] * 2
    starts = [
        starting(company, *[bills[place] for place in choice], key=f"key {number}")
        for number, choice in enumerate(choices)
    ]
    answers = together(*starts)
    assert surprises(answers, but=BillNotPayable) == []
    assert len([answer for answer in answers if isinstance(answer, Payment)]) == 1, "any two choices share a bill"


@pytest.mark.parametrize("change", ["lowered", "cancelled", "replaced", "raised"])
def test_bills_that_change_while_their_money_is_confirmed_lose_none_of_it(
    outside: Outside, company: Company, together: Together, tmp_path: Path, change: str
) -> None:
    payments = paid_attempts(outside, company, AT_ONCE - 1)
    how = {
        "lowered": {"due": "1000,00"},
        "raised": {"due": "2000,00"},
        "cancelled": {"status": "cancelled"},
        "replaced": {"status": "replaced"},
    }[change]
    lines = [line(bill, **how) for bill in Bill.objects.select_related("customer").order_by("-id")]
    answers = together(*[confirming(payment) for payment in payments], importing(company, tmp_path / "b.csv", *lines))
    assert surprises(answers) == []
    assert Receipt.objects.count() == len(payments)
    settled = sum(Bill.objects.values_list("settled_centimes", flat=True))
    owed_back = sum(Transfer.objects.filter(credit__code="419").values_list("amount_centimes", flat=True))
    assert settled + owed_back == 1_430_50 * len(payments)
    left_to_pay = {"lowered": 1_000_00, "raised": 2_000_00, "cancelled": 0, "replaced": 0}[change]
    assert settled == min(left_to_pay, 1_430_50) * len(payments)
    assert Case.objects.filter(kind="surplus").count() == (0 if change == "raised" else len(payments))


def test_a_bill_that_changes_while_sixteen_start_on_it_is_paid_as_it_was_seen_or_not_at_all(
    company: Company, bill: Bill, together: Together, tmp_path: Path
) -> None:
    starts = [starting(company, bill, key=f"key {number}") for number in range(AT_ONCE - 1)]
    answers = together(importing(company, tmp_path / "b.csv", line(bill, due="2000,00")), *starts)
    assert surprises(answers, but=(BillNotPayable, BillChanged)) == []
    for payment in Payment.objects.all():
        assert (payment.amount_centimes, payment.lines.get().bill_version) == (1_430_50, 1)


def test_two_files_at_once_and_the_confirmation_of_their_bill(
    outside: Outside, company: Company, together: Together, tmp_path: Path
) -> None:
    (payment,) = paid_attempts(outside, company, 1)
    bill = Bill.objects.select_related("customer").get()
    files = [
        importing(company, tmp_path / f"{due}.csv", line(bill, due=f"{due},00"))
        for due in (900, 1000, 1100, 1200, 1300, 1400)
    ]
    answers = together(*files, *[confirming(payment)] * 8)
    assert surprises(answers) == []
    bill.refresh_from_db()
    owed_back = sum(Transfer.objects.filter(credit__code="419").values_list("amount_centimes", flat=True))
    assert bill.settled_centimes + owed_back == 1_430_50


def test_sweepers_and_people_who_come_back(outside: Outside, company: Company, together: Together) -> None:
    payments = paid_attempts(outside, company, 8)
    due = NOON + A_MINUTE

    def sweeping() -> int:
        asked = 0
        while (payment_id := claim_due_payment(now=due)) is not None:
            confirm_payment(payment_id=payment_id, now=due)
            asked += 1
        return asked

    answers = together(*[sweeping] * 8, *[confirming(payment, due) for payment in payments])
    assert surprises(answers) == []
    assert Receipt.objects.count() == len(payments)
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_callbacks_sweepers_and_people_who_come_back(outside: Outside, company: Company, together: Together) -> None:
    payments = paid_attempts(outside, company, 4)
    due = NOON + A_MINUTE

    def calling_back(payment: Payment) -> Callable[[], Heeded]:
        message = {"mdOrder": reference(payment), "orderNumber": payment.order_number, "status": "1"}
        return lambda: heed_callback(gateway_account_id=payment.gateway_account_id, message=message, now=due)

    def sweeping() -> None:
        while (payment_id := claim_due_payment(now=due)) is not None:
            confirm_payment(payment_id=payment_id, now=due)

    answers = together(
        *[calling_back(payment) for payment in payments * 2], *[sweeping] * 4, *[confirming(each) for each in payments]
    )
    assert surprises(answers) == []
    for job in ProcrastinateJob.objects.filter(task_name=Job.CONFIRM_PAYMENT):
        assert confirm_payment(payment_id=job.args["payment_id"], now=due) is State.PAID
    assert (Receipt.objects.count(), Transfer.objects.count()) == (4, 4)


def test_the_comparison_and_whoever_confirms(outside: Outside, company: Company, together: Together) -> None:
    payments = paid_attempts(outside, company, 4)

    def comparing() -> list[object]:
        return list(compare_with_gateway(since=NOON - A_MINUTE, repairs=True))

    answers = together(*[comparing] * 4, *[confirming(payment) for payment in payments * 3])
    assert surprises(answers) == []
    assert (Receipt.objects.count(), Payment.objects.count()) == (4, 4)


def test_money_after_the_end_is_recovered_once(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    ended = ended_with_money(outside, company, bill)
    answers = together(*[lambda: recover_payment(payment_id=ended.id, now=LATER)] * AT_ONCE)
    assert surprises(answers) == []
    assert len({payment.id for payment in answers}) == 1
    assert (Payment.objects.count(), Receipt.objects.count(), Case.objects.count()) == (2, 1, 1)


def test_what_is_recovered_while_somebody_else_pays_the_bill_is_there_in_full(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    ended = ended_with_money(outside, company, bill)
    other = start(company, bill, key="other", now=LATER)
    outside.pay(reference(other), KARIMS_CARD)
    answers = together(
        *[lambda: recover_payment(payment_id=ended.id, now=LATER)] * 8, *[confirming(other, LATER + A_MINUTE)] * 8
    )
    assert surprises(answers) == []
    assert Receipt.objects.count() == 2
    posted = dict(Transfer.objects.values_list("reason", "amount_centimes"))
    assert posted == {"capture": 1_430_50, "surplus": 1_430_50}


def test_what_is_recovered_while_its_bill_is_lowered_is_there_in_full(
    outside: Outside, company: Company, bill: Bill, together: Together, tmp_path: Path
) -> None:
    ended = ended_with_money(outside, company, bill)
    lowered = importing(company, tmp_path / "b.csv", line(bill, due="1000,00"), now=LATER)
    answers = together(lowered, *[lambda: recover_payment(payment_id=ended.id, now=LATER)] * 15)
    assert surprises(answers) == []
    bill.refresh_from_db()
    owed_back = sum(Transfer.objects.filter(credit__code="419").values_list("amount_centimes", flat=True))
    assert (bill.settled_centimes, owed_back) == (1_000_00, 430_50)


def test_an_attempt_ends_while_its_money_arrives(
    outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    """The last late check has heard "not paid" when the card is debited and somebody else asks."""
    with outside.fault("retry_after_decline", times=1):
        payment = start(company, bill)
        outside.pay(reference(payment), YACINES_CARD)
    now = NOON + A_MINUTE
    while payment.checks_passed < 3:
        confirm_payment(payment_id=payment.id, now=now)
        payment.refresh_from_db()
        assert payment.next_ask_at is not None
        now = payment.next_ask_at
    answers = together(
        *[confirming(payment, now)] * (AT_ONCE - 1), lambda: outside.pay(reference(payment), AMINAS_CARD)
    )
    assert surprises(answers) == []
    recover_payment(payment_id=payment.id, now=now)
    assert Receipt.objects.count() == 1
