"""Defects that a review proved, each with the proof that it is gone."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import copy_context
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.adapters.gateways.slots import Slots
from bawabati.bills.models import Bill, Customer
from bawabati.cases.models import Case
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import current_texts
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.register_payment import register_payment
from bawabati.flows.start_payment import TERMS, start_payment
from bawabati.guard.models import Counter
from bawabati.guard.rules import Scope
from bawabati.jobs.tasks.payments import sweep_payments
from bawabati.ledger.models import Transfer
from bawabati.payments.models import Hold, Payment, PaymentEvent
from bawabati.payments.rules import State
from outside import Outside
from paying import seen_now, start
from people import AMINAS_CARD, NOON, YACINES_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
A_MINUTE = timedelta(minutes=1)


def meanwhile(call: Callable[[], object]) -> Thread:
    """Runs `call` beside the test, on a connection of its own."""

    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = Thread(target=copy_context().run, args=(run,))
    thread.start()
    return thread


def paid(outside: Outside, payment: Payment) -> None:
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)


def test_no_line_is_lost_when_the_bill_changes_its_customer_while_we_wait(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    paid(outside, payment)
    other = Customer.objects.create(company=company, number="C999", name="Karim")
    with transaction.atomic():
        Bill.objects.filter(id=bill.id).update(customer=other)
        confirming = meanwhile(lambda: confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE))
        time.sleep(1)  # it waits for the bill by now
    confirming.join()
    assert Transfer.objects.count() == 1
    assert check_books(now=NOON + A_MINUTE) == []


def test_another_look_at_the_bill_leaves_a_registration_under_way_alone(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("slow", call="register.do", seconds=2, times=1):
        starting = meanwhile(lambda: start(company, bill))
        while not Payment.objects.exists():
            time.sleep(0.05)
        assert confirm_payment(payment_id=Payment.objects.get().id, now=NOON + timedelta(seconds=2)) is State.OPENED
        starting.join()
    assert Payment.objects.get().state == State.AT_GATEWAY


def test_late_checks_keep_their_time_whatever_is_asked_in_between(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    outside.advance(11 * 60)
    now = NOON + 13 * A_MINUTE
    confirm_payment(payment_id=payment.id, now=now)
    checks = []
    while True:
        payment.refresh_from_db()
        if payment.next_ask_at is None:
            break
        with outside.fault("status", call=ACKNOWLEDGE, status=503, times=1):
            confirm_payment(payment_id=payment.id, now=now + timedelta(seconds=5))  # a reload, and no answer
        payment.refresh_from_db()
        now = payment.next_ask_at
        confirm_payment(payment_id=payment.id, now=now)
        checks.append(now)
    assert checks[-1] - checks[0] >= timedelta(hours=31)


def test_an_attempt_does_not_stay_open_for_ever_when_the_gateway_may_not_be_asked_by_number(
    outside: Outside, company: Company, bill: Bill
) -> None:
    with outside.fault("close", call="register.do", effect=False, times=1):
        payment = start(company, bill)
    with outside.fault("error_5", call="getOrderStatusExtended.do"):
        assert confirm_payment(payment_id=payment.id, now=NOON + 6 * A_MINUTE) is State.OPENED
        assert confirm_payment(payment_id=payment.id, now=NOON + 8 * A_MINUTE) is State.FAILED
    assert not Hold.objects.exists()
    assert Case.objects.get().kind == "access_denied"


def test_an_attempt_that_was_never_sent_frees_its_bill_after_five_minutes(
    company: Company, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bawabati.flows.steps.gateway._places", lambda: Slots(0))
    payment = start(company, bill)
    assert (payment.state, payment.register_sent_at) == (State.OPENED, None)
    assert ProcrastinateJob.objects.get().queue_name == "payments"
    assert confirm_payment(payment_id=payment.id, now=NOON + 4 * A_MINUTE) is State.OPENED
    assert confirm_payment(payment_id=payment.id, now=NOON + 5 * A_MINUTE) is State.FAILED
    assert not Hold.objects.exists()


def test_a_company_without_a_promise_still_gets_its_money_posted(
    outside: Outside, company: Company, bill: Bill
) -> None:
    Company.objects.update(surplus_promised_working_days=0)
    payment = start(company, bill)
    paid(outside, payment)
    Bill.objects.filter(id=bill.id).update(status="cancelled")
    assert confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE) is State.PAID
    assert Case.objects.get().promised_on > NOON.date()


def test_an_oddity_that_repeats_itself_is_written_once(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    paid(outside, payment)
    with outside.fault("wrong_amount", call=ACKNOWLEDGE):
        for _ in range(5):
            confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    assert list(PaymentEvent.objects.order_by("sequence").values_list("event", flat=True)) == [
        "opened",
        "registered",
        "mismatch",
    ]


def test_a_payment_that_the_gateway_took_back_is_a_case_and_no_refusal_of_a_card(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    paid(outside, payment)
    outside.advance(25 * 60)
    assert confirm_payment(payment_id=payment.id, now=NOON + 25 * A_MINUTE) is State.WATCHED
    payment.refresh_from_db()
    assert payment.refused_because == "reversed"
    assert Case.objects.get().kind == "taken_back"


def test_the_ages_at_which_a_lost_registration_is_asked_about(outside: Outside, company: Company, bill: Bill) -> None:
    with outside.fault("close", call="register.do", effect=False, times=1):
        payment = start(company, bill)
    ages = []
    while True:
        payment.refresh_from_db()
        if payment.next_ask_at is None:
            break
        ages.append((payment.next_ask_at - NOON).total_seconds())
        confirm_payment(payment_id=payment.id, now=payment.next_ask_at)
    assert ages == [30, 60, 120, 300]
    assert payment.state == State.FAILED


def test_an_answer_that_cannot_be_read_leaves_the_reason_that_we_know(
    outside: Outside, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, YACINES_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    with outside.fault("error_7", call=ACKNOWLEDGE):
        confirm_payment(payment_id=payment.id, now=NOON + 2 * A_MINUTE)
    payment.refresh_from_db()
    assert (payment.response_code, payment.refused_because) == ("51", "declined")


def test_an_account_that_answers_slowly_leaves_hands_for_the_others(outside: Outside, company: Company) -> None:
    tafna = add_company(
        "tafna",
        gateway_url=outside.url,
        user_name="SAT2601010002",
        password="sandbox-tafna-2",
        terminal_id="E010901202",
    )
    slow = [start(company, add_bill(company, seed=seed), key=f"slow {seed}") for seed in range(12)]
    other = start(tafna, add_bill(tafna, seed=99), key="other")
    paid(outside, other)
    Payment.objects.update(next_ask_at=timezone.now() - A_MINUTE)
    Payment.objects.filter(id=other.id).update(next_ask_at=timezone.now())
    with ExitStack() as faults:
        for payment in slow:
            faults.enter_context(outside.fault("slow", call=ACKNOWLEDGE, seconds=2, order_number=payment.order_number))
        sweeping = meanwhile(sweep_payments)
        while Payment.objects.get(id=other.id).state != State.PAID:
            assert sweeping.is_alive(), "the sweep ended without it"
            time.sleep(0.05)
        still_slow = Payment.objects.filter(company=company, asked_count__gt=1).count()
        sweeping.join()
    assert still_slow == 0, "the other account was answered before the first slow one"


def test_whoever_waits_for_the_gateway_holds_no_connection(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    with outside.fault("slow", call=ACKNOWLEDGE, seconds=2, times=1):
        waiting = meanwhile(lambda: confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE))
        time.sleep(1)
        connection.ensure_connection()
        stats: dict[str, Any] = connection.pool.get_stats()  # type: ignore[attr-defined]  # Django's pool
        waiting.join()
    assert stats["pool_size"] - stats["pool_available"] == 1, "only the test's own"


def test_the_same_form_gives_the_attempt_back_even_when_the_terms_have_changed(company: Company, bill: Bill) -> None:
    terms = current_texts(company_id=company.id, kinds=TERMS, language="ar", now=NOON)

    def press() -> Payment:
        return start_payment(
            company=company,
            seen=[seen_now(bill)],
            start_key="one form",
            language="ar",
            payment_terms_id=terms[0].id,
            sale_terms_id=terms[1].id,
            email="",
            now=NOON,
        )

    first = press()
    CompanyText.objects.create(
        company=company, kind="payment_terms", language="ar", version=2, body="جديد", effective_at=NOON, written_at=NOON
    )
    assert press().id == first.id


def test_two_jobs_for_one_registration_send_it_once(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    register_payment(payment_id=payment.id, now=NOON + A_MINUTE)
    assert len(outside.orders(payment.order_number)) == 1


def test_a_gateway_that_is_unwell_ends_no_registration(outside: Outside, company: Company, bill: Bill) -> None:
    with outside.fault("close", call="register.do", effect=True, times=1):
        payment = start(company, bill)
    with outside.fault("status", call="getOrderStatusExtended.do", status=503):
        for minutes in (6, 60, 600):
            assert confirm_payment(payment_id=payment.id, now=NOON + minutes * A_MINUTE) is State.OPENED
    assert confirm_payment(payment_id=payment.id, now=NOON + 601 * A_MINUTE) is State.WATCHED


def test_attempts_of_which_there_is_nothing_to_ask_keep_no_hand_from_the_others(
    outside: Outside, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    due = start(company, add_bill(company, seed=50), key="due", now=now - 2 * A_MINUTE)
    paid(outside, due)
    with monkeypatch.context() as full:
        full.setattr("bawabati.flows.steps.gateway._places", lambda: Slots(0))
        for seed in range(6):
            start(company, add_bill(company, seed=seed), key=f"unsent {seed}", now=now - 2 * A_MINUTE)
    sweep_payments()
    assert Payment.objects.get(id=due.id).state == State.PAID
    assert not Payment.objects.filter(leased_until__gt=now).exists()


def test_an_attempt_that_breaks_us_is_asked_about_later_and_keeps_no_hand(
    outside: Outside, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = [start(company, add_bill(company, seed=seed), key=f"poison {seed}") for seed in range(6)]
    healthy = start(company, add_bill(company, seed=60), key="healthy")
    paid(outside, healthy)
    Payment.objects.update(next_ask_at=timezone.now() - A_MINUTE)
    poisoned = {payment.id for payment in poison}

    def breaks(*, payment_id: int, now: datetime) -> State:
        if payment_id in poisoned:
            raise ZeroDivisionError
        return confirm_payment(payment_id=payment_id, now=now)

    monkeypatch.setattr("bawabati.jobs.tasks.payments.confirm_payment", breaks)
    sweep_payments()
    assert Payment.objects.get(id=healthy.id).state == State.PAID
    assert not Payment.objects.filter(id__in=poisoned, next_ask_at__lte=timezone.now() + 4 * A_MINUTE).exists()


def test_money_for_an_attempt_that_has_just_ended_is_a_case(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    paid(outside, payment)
    answered = meanwhile_ended(payment, outside)
    assert answered is State.EXPIRED
    assert Case.objects.get().kind == "paid_after_end"


def meanwhile_ended(payment: Payment, outside: Outside) -> State:
    """Somebody else ends the attempt while our own question is on its way."""
    results: list[State] = []
    with outside.fault("slow", call=ACKNOWLEDGE, seconds=2, times=1):
        asking = meanwhile(lambda: results.append(confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)))
        time.sleep(0.7)
        row = Payment.objects.filter(id=payment.id)
        row.update(state="watched")
        Hold.objects.filter(payment=payment).delete()
        row.update(state="expired", next_ask_at=None)
        asking.join()
    return results[0]


def test_a_job_that_finds_no_place_comes_back_and_ends_nothing(
    outside: Outside, company: Company, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("bawabati.flows.steps.gateway._places", lambda: Slots(0))
        payment = start(company, bill)
        register_payment(payment_id=payment.id, now=NOON + timedelta(seconds=1))
    assert ProcrastinateJob.objects.count() == 2
    register_payment(payment_id=payment.id, now=NOON + timedelta(seconds=6))
    assert Payment.objects.get().state == State.AT_GATEWAY
    assert len(outside.orders(payment.order_number)) == 1


def test_a_case_that_was_closed_does_not_swallow_the_next_one(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    paid(outside, payment)
    with outside.fault("wrong_amount", call=ACKNOWLEDGE):
        confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)
        Case.objects.update(state="closed", closed_at=NOON, closed_as="other")
        confirm_payment(payment_id=payment.id, now=NOON + 2 * A_MINUTE)
        confirm_payment(payment_id=payment.id, now=NOON + 3 * A_MINUTE)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["closed", "open"]


def test_one_refusal_counts_once_however_many_ask_at_the_same_moment(
    outside: Outside, company: Company, bill: Bill, together: Callable[..., list[Any]]
) -> None:
    payment = start(company, bill)
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, YACINES_CARD)
    together(*[lambda: confirm_payment(payment_id=payment.id, now=NOON + A_MINUTE)] * 8)
    assert Counter.objects.get(scope=Scope.DECLINE).count == 1
