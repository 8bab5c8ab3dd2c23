"""Refunds, and payments that nobody acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_a_payment_can_be_given_back_in_parts(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = sandbox.paid()
    order.result()
    assert order.refund(3_000) == {"errorCode": "0"}
    result = order.result()
    assert (result["OrderStatus"], result["depositAmount"], result["Amount"]) == (4, 140050, 143050)
    assert order.refund(140_050) == {"errorCode": "0"}
    assert order.result()["depositAmount"] == 0
    assert sandbox.balance() == before
    books = order.books()
    assert (books["captured_centimes"], books["returned_centimes"]) == (143050, 143050)


def test_a_repeated_partial_refund_is_another_refund(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.refund(1_000)
    order.refund(1_000)
    assert order.books()["returned_centimes"] == 2_000


@pytest.mark.parametrize("amount", [0, 99, 143_051, 10**12])
def test_a_refund_of_a_wrong_amount_is_refused(sandbox: Sandbox, amount: int) -> None:
    order = sandbox.paid()
    assert order.refund(amount)["errorCode"] == "5"
    assert order.books()["returned_centimes"] == 0


def test_nothing_is_given_back_that_was_never_taken(sandbox: Sandbox) -> None:
    answer = sandbox.register().refund(5_000)
    assert answer == {"errorCode": "7", "errorMessage": "Refund is impossible for current transaction state"}


def test_nothing_is_given_back_twice_in_full(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.refund(143_050)
    assert order.refund(100)["errorCode"] == "7"


def test_the_same_refund_identifier_is_refused(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    assert order.refund(1_000, externalRefundId="r1")["errorCode"] == "0"
    assert order.refund(1_000, externalRefundId="r1")["errorCode"] == "5"


def test_a_merchant_without_the_permission_refunds_nothing(sandbox: Sandbox) -> None:
    row = {"user_name": "SATN", "password": "n", "terminals": ["E010901201"], "may_refund": False}
    sandbox.control("POST", "merchants", row)
    answer = sandbox.call("refund.do", userName="SATN", password="n", orderId="x", amount="100").json()
    assert answer == {"errorCode": "5", "errorMessage": "Access denied"}


def test_an_unheard_payment_is_taken_back_with_the_money(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = sandbox.paid()
    sandbox.advance(1201)
    assert sandbox.balance() == before
    result = order.result()
    assert (result["OrderStatus"], result["depositAmount"]) == (3, 0)
    assert order.refund(1_000)["errorCode"] == "7"


def test_an_unheard_payment_may_be_taken_back_while_the_money_stays_away(sandbox: Sandbox) -> None:
    sandbox.settings(auto_cancel_gives_back=False)
    before = sandbox.balance()
    order = sandbox.paid()
    sandbox.advance(1201)
    assert order.result()["OrderStatus"] == 3
    assert sandbox.balance() == before - 143050
    books = order.books()
    assert (books["captured_centimes"], books["returned_centimes"], books["deposited_centimes"]) == (143050, 0, 0)


def test_a_payment_that_was_taken_back_may_look_unknown(sandbox: Sandbox) -> None:
    sandbox.settings(after_cancelling="not_found")
    order = sandbox.paid()
    older = sandbox.paid(wire="A")
    sandbox.advance(1201)
    assert order.result_response().status_code == 401
    assert older.result()["ErrorCode"] == "6"


def test_an_acknowledged_payment_stays(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.result()
    sandbox.advance(10_000)
    assert order.result()["OrderStatus"] == 2


def test_payments_may_never_be_taken_back(sandbox: Sandbox) -> None:
    sandbox.settings(auto_cancel_seconds="never")
    order = sandbox.paid()
    sandbox.advance(100_000)
    assert order.result()["OrderStatus"] == 2


def test_a_shorter_delay_holds_for_orders_that_are_already_paid(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.settings(auto_cancel_seconds=10)
    sandbox.advance(11)
    assert order.books()["cancelled_at"] is not None
