"""Each check of what billing systems are told finds the one difference that is planted behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from bawabati.flows.check_books import check_books, check_what_waits
from bawabati.flows.deliver_events import lay_out_events
from bawabati.flows.keep_webhooks import add_endpoint
from bawabati.flows.steps.book_checks.of_events import OF_EVENTS
from bawabati.money.amount import Money
from bawabati.notices.models import Delivery, Event
from bawabati.payments.models import Payment
from bawabati.payments.rules.channels import Word
from channels import Partner
from people import NOON, OMAR, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

PLANTS = [
    (
        "payment_not_told_once",
        "DELETE FROM notices_event WHERE (body -> 'payment' ->> 'id')::bigint = {second}",
        "payment:{second}",
    ),
    (
        "payment_not_told_once",
        (
            "INSERT INTO notices_event (company_id, kind, body, at) SELECT company_id, kind, body, at "
            "FROM notices_event WHERE kind = 'payment.paid' AND (body -> 'payment' ->> 'id')::bigint = {second}"
        ),
        "payment:{second}",
    ),
    (
        "payment_not_told_once",
        (
            "UPDATE notices_event SET body = jsonb_set(body, '{{amount_centimes}}', '1') WHERE kind = 'payment.paid' "
            "AND (body -> 'payment' ->> 'id')::bigint = {second}"
        ),
        "payment:{second}",
    ),
    (
        "payment_not_told_once",
        (
            "UPDATE notices_event SET body = jsonb_set(body, '{{payment,id}}', '999999') WHERE kind = 'payment.paid' "
            "AND (body -> 'payment' ->> 'id')::bigint = {second}"
        ),
        "payment:999999",
    ),
    (
        "refund_not_told_once",
        (
            "INSERT INTO payments_refund (company_id, payment_id, kind, reason, amount_centimes, state, ended_at, "
            "requested_at, requested_by_id, decided_by_id, because, last_reason, tries, past_the_gateway, event_count) "
            "SELECT company_id, id, 'refund', 'credit', 100, 'done', '{later}', '{later}', {omar}, "
            "(SELECT max(id) FROM people_staff WHERE id <> {omar}), '', '', 0, false, 0 "
            "FROM payments_payment WHERE id = {second}"
        ),
        "",
    ),
    (
        "webhook_given_up_without_case",
        "UPDATE notices_delivery SET state = 'given_up', next_try_at = NULL, ended_at = now() WHERE id = {delivery}",
        "webhook:{endpoint}",
    ),
]


@pytest.fixture
def names() -> dict[str, object]:
    """Two payments that were told, and an address that is told."""
    company = add_company()
    bank = Partner.of(company)
    made = add_endpoint(
        company_id=company.id, url="https://b.example/hook", kinds=["payment.paid"], login=OMAR, now=NOON
    )
    for seed in (1, 2):
        bill = add_bill(company, seed=seed)
        bank.reserve(f"A-{seed}", bill)
        bank.says(f"A-{seed}", Word.PAID, Money(bill.due_centimes))
    lay_out_events(made.endpoint, now=NOON)
    assert check_books(now=NOON) == []
    return {
        "second": Payment.objects.order_by("id")[1].id,
        "endpoint": made.endpoint.id,
        "delivery": Delivery.objects.order_by("id")[0].id,
        "omar": made.endpoint.made_by_id,
        "later": (NOON + timedelta(minutes=1)).isoformat(),
    }


@pytest.fixture
def plant(behind_the_scenes: psycopg.Connection[Any], names: dict[str, object]) -> Callable[[str], None]:
    def change(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
            changed = behind_the_scenes.execute(statement.format(**names).encode())
            assert changed.rowcount > 0, "nothing was planted"

    return change


@pytest.mark.parametrize(("check", "statement", "at"), PLANTS)
def test_what_is_planted_is_found_where_it_is(
    check: str, statement: str, at: str, plant: Callable[[str], None], names: dict[str, object]
) -> None:
    plant(statement)
    found = {(one.check, one.reference) for one in check_books(now=NOON)}
    assert check in {name for name, _ in found}
    if at:
        assert (check, at.format(**names)) in found


def test_an_event_that_was_given_up_is_named_within_minutes(
    plant: Callable[[str], None],
) -> None:
    plant(PLANTS[-1][1])
    assert "webhook_given_up_without_case" in {one.check for one in check_what_waits(now=NOON)}


def test_what_ended_before_there_were_events_is_not_missed(
    plant: Callable[[str], None],
) -> None:
    plant("UPDATE payments_payment SET ended_at = ended_at - interval '1 year' WHERE id = {second}")
    plant(PLANTS[0][1])
    assert Event.objects.exists()
    assert "payment_not_told_once" not in {one.check for one in check_books(now=NOON)}


def test_every_check_has_a_difference_that_it_finds() -> None:
    assert {check.name for check in OF_EVENTS} == {check for check, _, _ in PLANTS}
