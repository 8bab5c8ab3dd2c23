"""The comparison with the gateway: what it finds, what it mends, what it leaves to people."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.defer import Queue
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.jobs.comparison import compare_with_gateway
from bawabati.jobs.tasks.checks import compare_gateway
from bawabati.payments.models import Payment
from bawabati.payments.reads import pages_to_compare
from bawabati.payments.rules import State
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import ended_with_money, reference, start
from people import AMINAS_CARD, add_bill

pytestmark = pytest.mark.usefixtures("database")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
MINUTE = timedelta(minutes=1)


def found(*, repairs: bool = True, since: datetime | None = None) -> list[tuple[str, bool]]:
    findings = compare_with_gateway(since=since or timezone.now() - 60 * MINUTE, repairs=repairs)
    return [(finding.what, finding.is_mended) for finding in findings]


def test_what_agrees_is_not_spoken_of(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill, now=timezone.now())
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=timezone.now())
    start(company, add_bill(company, seed=2), key="waiting", now=timezone.now())
    assert found() == []


def test_money_of_an_open_attempt_is_confirmed(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill, now=timezone.now())
    outside.pay(reference(payment), AMINAS_CARD)
    assert found(repairs=False) == [("gateway_paid_not_posted", False)]
    assert Payment.objects.get().state == State.AT_GATEWAY
    assert found() == [("open_attempt_moved", True)]
    assert Payment.objects.get().state == State.PAID
    assert found() == []


def test_money_of_ended_attempts_is_recovered_once(outside: Outside, company: Company) -> None:
    for seed in range(6):
        ended_with_money(outside, company, add_bill(company, seed=seed), key=str(seed), now=timezone.now())
    assert found(repairs=False) == [("gateway_paid_not_posted", False)] * 6
    assert not Receipt.objects.exists()
    assert found() == [("gateway_paid_not_posted", True)] * 6
    assert found() == []
    assert Receipt.objects.count() == 6
    assert check_books(now=timezone.now()) == []


def test_what_no_machine_may_mend_becomes_a_case_and_is_named_every_time(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill, now=timezone.now())
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=timezone.now())
    outside.give_back(reference(payment), 30_50)
    assert found(repairs=False) == [("gateway_gave_money_back", False)]
    assert not Case.objects.exists()
    assert found() == found() == [("gateway_gave_money_back", False)]
    assert Case.objects.get().kind == "taken_back"


def test_a_gateway_that_does_not_answer_is_one_line(outside: Outside, company: Company) -> None:
    for seed in range(3):
        payment = start(company, add_bill(company, seed=seed), key=str(seed), now=timezone.now())
        outside.pay(reference(payment), AMINAS_CARD)
        confirm_payment(payment_id=payment.id, now=timezone.now())
    with outside.fault("status", call=ACKNOWLEDGE, status=429):
        assert found() == [("gateway_did_not_answer", False)]
    assert found() == []


def test_older_attempts_are_left_out(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill, now=timezone.now())
    outside.pay(reference(payment), AMINAS_CARD)
    assert found(since=timezone.now()) == []


def test_whatever_the_size_of_a_page_each_young_attempt_is_asked_about_once(company: Company) -> None:
    since = timezone.now()
    start(company, add_bill(company, seed=99), key="old", now=since - MINUTE)
    young = [start(company, add_bill(company, seed=seed), key=str(seed), now=since) for seed in range(5)]
    for at_most in (1, 2, 5, 6, 7):
        pages = list(pages_to_compare(since=since, at_most=at_most))
        assert [payment.id for page in pages for payment in page] == [payment.id for payment in reversed(young)]
        assert all(0 < len(page) <= at_most for page in pages)


def test_a_surprise_with_one_keeps_none_of_the_others_from_being_compared(
    outside: Outside, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    payments = [start(company, add_bill(company, seed=seed), key=str(seed), now=timezone.now()) for seed in range(2)]
    for payment in payments:
        outside.pay(reference(payment), AMINAS_CARD)

    def breaks(*, payment_id: int, now: object) -> State:
        if payment_id == payments[0].id:
            raise ZeroDivisionError
        return confirm_payment(payment_id=payment_id, now=now)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr("bawabati.jobs.comparison.confirm_payment", breaks)
    assert found() == [("open_attempt_moved", True), ("comparison_failed", False)]


def test_the_command_names_what_it_did_and_fails_while_something_is_left(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = ended_with_money(outside, company, bill, now=timezone.now())

    def told(*options: str) -> str:
        out = StringIO()
        call_command("compare_gateway", "--days", "2", *options, stdout=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="1 findings are left"):
        told()
    recovered = f"payment:{payment.id}: we say declined; recovered as payment:"
    assert recovered in told("--repair")
    assert told("--repair") == "Nothing is left to do.\n"
    with pytest.raises(CommandError, match="whole number"):
        call_command("compare_gateway", "--days", "0")


def test_the_worker_compares_each_night_on_hands_of_its_own(outside: Outside, company: Company, bill: Bill) -> None:
    ended_with_money(outside, company, bill, now=timezone.now())
    assert compare_gateway.queue == Queue.CHECKS
    compare_gateway(timestamp=0)
    assert Receipt.objects.count() == 1
