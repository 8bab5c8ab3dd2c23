"""Every message to the gateway and what came back is kept with what it changed; of secrets, nothing is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from bawabati.companies.reads import merchant_account
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.heed_callback import heed_callback
from bawabati.flows.refund_payment import refund_payment
from bawabati.payments.models import Exchange, Payment, PaymentEvent
from bawabati.payments.reads import list_exchanges, whole_answer_of
from bawabati.payments.rules import RefundReason
from bawabati.payments.rules.messages import purpose_of_body
from bawabati.sealed import CannotOpen, unseal_bytes
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, NADIA, NOON, SALIMA

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("database")
A_MINUTE_LATER = NOON + timedelta(minutes=1)


def told(payment: Payment) -> list[tuple[str, str]]:
    return [(exchange.verb, exchange.outcome) for exchange in list_exchanges(payment.id)]


def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    payment = start(company, bill)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=A_MINUTE_LATER)
    payment.refresh_from_db()
    return payment


def test_the_road_of_a_payment_is_told_in_its_messages(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    confirm_payment(payment_id=payment.id, now=A_MINUTE_LATER)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=A_MINUTE_LATER)
    assert told(payment) == [("register", "registered"), ("ask", "waiting"), ("ask", "paid")]
    first, _second, last = list_exchanges(payment.id)
    assert first.asked["orderNumber"] == payment.order_number
    assert first.asked["amount"] == "143050"
    assert last.answered["order_number"] == payment.order_number
    assert (first.at, last.at) == (NOON, A_MINUTE_LATER)
    assert check_books(now=A_MINUTE_LATER) == []


def test_silence_is_kept(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    with outside.fault("status", times=1):
        confirm_payment(payment_id=payment.id, now=A_MINUTE_LATER)
    assert told(payment)[-1] == ("ask", "unknown server_error")


def test_nothing_kept_names_the_card_its_holder_or_our_password(outside: Outside, company: Company, bill: Bill) -> None:
    payment = paid(outside, company, bill)
    account = merchant_account(payment.gateway_account)
    opened = [opened_body(exchange) for exchange in list_exchanges(payment.id)]
    events = [event.evidence for event in PaymentEvent.objects.all()]
    clear = [[exchange.asked, exchange.answered, exchange.outcome] for exchange in list_exchanges(payment.id)]
    kept = json.dumps([opened, events, clear])
    for secret in (account.password, account.user_name, AMINAS_CARD.number, "cardholder", "expir", "cvv"):
        assert secret.lower() not in kept.lower(), secret


def opened_body(exchange: Exchange) -> Any:  # noqa: ANN401 - JSON
    return json.loads(whole_answer_of(exchange) or "null")


def test_the_whole_answer_is_sealed_for_its_company(outside: Outside, company: Company, bill: Bill) -> None:
    payment = paid(outside, company, bill)
    last = list_exchanges(payment.id)[-1]
    assert opened_body(last)["OrderNumber"] == payment.order_number
    assert payment.order_number.encode() not in bytes(last.body or b"")
    with pytest.raises(CannotOpen):
        unseal_bytes(bytes(last.body or b""), purpose=purpose_of_body(company.id + 1))


def test_a_message_is_never_changed_nor_removed(
    outside: Outside, company: Company, bill: Bill, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    paid(outside, company, bill)
    for statement in ("UPDATE payments_exchange SET outcome = 'paid'", "DELETE FROM payments_exchange"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
        with pytest.raises(psycopg.Error, match="insert-only"):
            behind_the_scenes.execute(statement.encode())


def test_a_callback_is_kept_before_the_end_and_after_it(outside: Outside, company: Company, bill: Bill) -> None:
    payment = start(company, bill)
    message = {"mdOrder": reference(payment), "operation": "deposited", "amount": "1"}
    account_id = payment.gateway_account_id or 0
    heed_callback(gateway_account_id=account_id, message=message, now=A_MINUTE_LATER)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=A_MINUTE_LATER)
    heed_callback(gateway_account_id=account_id, message=message, now=A_MINUTE_LATER)
    assert [each for each in told(payment) if each[0] == "callback"] == [
        ("callback", "asked_soon"),
        ("callback", "ended"),
    ]
    assert Exchange.objects.filter(verb="callback").first().answered == {"reference": reference(payment)}  # type: ignore[union-attr]


def test_whoever_invents_callbacks_does_not_fill_the_table(outside: Outside, company: Company, bill: Bill) -> None:
    payment = paid(outside, company, bill)
    message = {"mdOrder": reference(payment)}
    for _ in range(200):
        heed_callback(gateway_account_id=payment.gateway_account_id or 0, message=message, now=A_MINUTE_LATER)
    assert Exchange.objects.filter(verb="callback").count() < 100


def test_a_refund_is_told_with_the_reading_before_it(outside: Outside, company: Company, bill: Bill) -> None:
    payment = paid(outside, company, bill)
    refund = ask_refund(
        payment_id=payment.id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=None,
        because="paid for the wrong house",
        login=SALIMA,
        now=A_MINUTE_LATER,
    )
    approve_refund(refund_id=refund.id, login=NADIA, now=A_MINUTE_LATER)
    refund_payment(refund_id=refund.id, now=A_MINUTE_LATER)
    assert told(payment)[-2:] == [("ask", "paid"), ("refund", "refunded")]
    assert list_exchanges(payment.id)[-1].asked["amount"] == str(refund.amount_centimes)
