"""Table, trigger and the one door to a state, beside each other: every pair of states, every event in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import psycopg
import pytest
from django.db import DatabaseError, transaction

from bawabati.adapters.gateways.contract import Said, Unknown
from bawabati.bills.models import Bill
from bawabati.companies.models import Company, CompanyText, GatewayAccount
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine
from bawabati.payments.rules import EVENTS, FINAL, HOLDING, Event, EventNotAllowed, State, Verdict, next_state
from bawabati.payments.writes import apply, lock_payment
from people import NOON, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

STEPS = {(before, after) for before, events in EVENTS.items() for after in events.values()}
RECOVERED_ONLY = (State.OPENED, State.PAID)


def attempt(company: Company, bill: Bill) -> Payment:
    texts = CompanyText.objects.filter(company=company, language="ar")
    payment = Payment.objects.create(
        company=company,
        gateway_account=GatewayAccount.objects.get(company=company),
        order_number="A1B2C3D4E5",
        start_key="key",
        amount_centimes=bill.due_centimes,
        language="ar",
        payment_terms=texts.get(kind="payment_terms"),
        sale_terms=texts.get(kind="sale_terms"),
        opened_at=NOON,
        page_life_seconds=720,
        page_ends_at=NOON + timedelta(minutes=12),
        next_ask_at=NOON,
        gateway_reference="x" * 20,
        confirmed_at=NOON,
        accounted_on=NOON.date(),
    )
    PaymentLine.objects.create(
        company=company, payment=payment, bill=bill, bill_version=1, amount_centimes=bill.due_centimes
    )
    return payment


def put_in(behind_the_scenes: psycopg.Connection[object], payment: Payment, state: State) -> None:
    """Past every trigger: how it came there is another matter."""
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(
            "UPDATE payments_payment SET state = %s, next_ask_at = %s, event_count = 1 WHERE id = %s",
            [state, None if state in FINAL else NOON, payment.id],
        )
        behind_the_scenes.execute("DELETE FROM payments_hold")
        if state in HOLDING:
            behind_the_scenes.execute(
                "INSERT INTO payments_hold (company_id, bill_id, payment_id, held_at)"
                " SELECT company_id, bill_id, payment_id, %s FROM payments_paymentline",
                [NOON],
            )


def undone(change: Callable[[], object]) -> bool:
    """Whether the database took the change; it is taken back."""
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_the_database_takes_the_steps_of_the_table_and_no_other(
    behind_the_scenes: psycopg.Connection[object],
) -> None:
    company = add_company()
    payment = attempt(company, add_bill(company))
    row = Payment.objects.filter(id=payment.id)
    taken = set()
    for before, after in product(State, State):
        put_in(behind_the_scenes, payment, before)
        next_ask_at = None if after in FINAL else NOON
        if undone(lambda after=after, next_ask_at=next_ask_at: row.update(state=after, next_ask_at=next_ask_at)):
            taken.add((before, after))
    stays = {(state, state) for state in State}  # of what has ended, the card's family alone may still be told
    assert taken == (STEPS - {RECOVERED_ONLY}) | stays


def test_the_one_door_moves_as_the_table_says_and_leaves_all_as_it_was_where_it_says_nothing(
    behind_the_scenes: psycopg.Connection[object],
) -> None:
    company = add_company()
    payment = attempt(company, add_bill(company))
    for before, event in product(State, Event):
        put_in(behind_the_scenes, payment, before)
        known = event in EVENTS[before] and (before, EVENTS[before][event]) != RECOVERED_ONLY
        after = next_state(before, event) if known else before
        moved = False
        try:
            with transaction.atomic():
                _apply(payment, event)
                moved = True
                payment.refresh_from_db()
                assert payment.state == after
                assert Hold.objects.exists() == (after in HOLDING)
                told = PaymentEvent.objects.get(payment=payment)
                assert (told.event, told.from_state, told.to_state) == (event, before, after)
                transaction.set_rollback(True)
        except (EventNotAllowed, DatabaseError):
            assert not moved
        assert moved == known, f"{event} in {before}"
        payment.refresh_from_db()
        assert (payment.state, payment.event_count) == (before, 1)
        assert Hold.objects.exists() == (before in HOLDING)
        assert not PaymentEvent.objects.exists()


def _apply(payment: Payment, event: Event) -> None:
    locked = lock_payment(payment.id)
    ends = EVENTS[State(locked.state)].get(event) in FINAL
    verdict = Verdict(event=event, next_ask_at=None if ends else NOON)
    apply(locked, event=event, verdict=verdict, answer=Unknown(reason="timed_out", said=Said()), now=NOON)
