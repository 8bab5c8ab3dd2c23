"""Money that is held first and taken later, payments taken back before they settle, orders given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Order, Sandbox

ACCOUNT = "CIB-007215"
IMPOSSIBLE = {"errorCode": "7", "errorMessage": "The operation is impossible for current transaction state"}
DENIED = {"errorCode": "5", "errorMessage": "Access denied"}
DONE = {"errorCode": "0"}


def held(sandbox: Sandbox, **changes: str) -> Order:
    """An order whose money is held."""
    order = sandbox.register(call="registerPreAuth.do", **changes)
    answer = order.pay()
    assert "/back?" in answer.headers["location"]
    return order


def change(order: Order, call: str, **values: str) -> dict[str, object]:
    answer = order.sandbox.call(call, wire=order.wire, orderId=order.md_order, **values)
    told: dict[str, object] = answer.json()
    return told


def accounts(sandbox: Sandbox) -> tuple[int, int]:
    """The balance and what is held of it."""
    account = next(each for each in sandbox.control("GET", "accounts")["accounts"] if each["number"] == ACCOUNT)
    return account["balance_centimes"], account["held_centimes"]


def test_a_hold_is_not_a_debit(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = held(sandbox)
    assert accounts(sandbox) == (before, 143050)
    books = order.books()
    assert (books["captured_centimes"], books["held_centimes"], books["deposited_centimes"]) == (0, 143050, 0)
    result = order.result()
    assert (result["OrderStatus"], result["depositAmount"], result["ErrorCode"]) == (1, 0, "0")
    assert result["params"]["respCode"] == "00"


def test_a_deposit_takes_what_was_held(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = held(sandbox)
    assert change(order, "deposit.do", amount="143050") == DONE
    assert accounts(sandbox) == (before - 143050, 0)
    result = order.result()
    assert (result["OrderStatus"], result["depositAmount"]) == (2, 143050)
    assert change(order, "deposit.do", amount="143050") == IMPOSSIBLE


@pytest.mark.parametrize(("amount", "taken"), [("0", 143050), ("100000", 100000), ("100", 100)])
def test_a_deposit_may_take_all_or_a_part(sandbox: Sandbox, amount: str, taken: int) -> None:
    before = sandbox.balance()
    order = held(sandbox)
    assert change(order, "deposit.do", amount=amount) == DONE
    assert accounts(sandbox) == (before - taken, 0)
    books = order.books()
    assert (books["captured_centimes"], books["deposited_centimes"]) == (taken, taken)
    assert order.refund(taken + 1)["errorCode"] == "5"
    assert order.refund(taken)["errorCode"] == "0"


@pytest.mark.parametrize("amount", ["99", "143051", "", "-1", "all"])
def test_a_deposit_of_a_wrong_amount_takes_nothing(sandbox: Sandbox, amount: str) -> None:
    order = held(sandbox)
    assert change(order, "deposit.do", amount=amount)["errorCode"] == "5"
    assert order.books()["captured_centimes"] == 0


def test_held_money_is_spent_nowhere_else(sandbox: Sandbox) -> None:
    sandbox.control("POST", f"accounts/{ACCOUNT}/entries", {"centimes": 150_000 - sandbox.balance()})
    held(sandbox)
    second = sandbox.register()
    second.pay()
    assert second.result()["SvfeResponse"] == "51"


def test_a_hold_can_be_let_go(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = held(sandbox)
    assert change(order, "reverse.do") == DONE
    assert accounts(sandbox) == (before, 0)
    assert order.result()["OrderStatus"] == 3
    assert change(order, "reverse.do") == IMPOSSIBLE
    assert change(order, "deposit.do", amount="0") == IMPOSSIBLE
    assert order.books()["captured_centimes"] == 0


def test_a_hold_that_nobody_acknowledges_is_let_go(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = held(sandbox)
    sandbox.advance(1201)
    assert accounts(sandbox) == (before, 0)
    assert order.result()["OrderStatus"] == 3


def test_a_hold_cannot_be_refunded(sandbox: Sandbox) -> None:
    assert held(sandbox).refund(1_000)["errorCode"] == "7"


def test_a_fresh_payment_can_be_reversed_once(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = sandbox.paid()
    assert change(order, "reverse.do", language="fr") == DONE
    assert sandbox.balance() == before
    result = order.result()
    assert (result["OrderStatus"], result["depositAmount"]) == (3, 0)
    books = order.books()
    assert (books["captured_centimes"], books["returned_centimes"]) == (143050, 143050)
    assert change(order, "reverse.do") == IMPOSSIBLE
    assert order.refund(1_000)["errorCode"] == "7"


def test_a_payment_of_yesterday_is_refunded_and_no_longer_reversed(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.result()
    sandbox.advance(86_401)
    assert change(order, "reverse.do") == IMPOSSIBLE
    assert order.refund(143_050)["errorCode"] == "0"


def test_a_partly_refunded_payment_is_not_reversed(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.refund(1_000)
    assert change(order, "reverse.do") == IMPOSSIBLE


def test_an_unpaid_order_can_be_given_up_by_the_merchant(sandbox: Sandbox) -> None:
    order = sandbox.register()
    assert change(order, "reverse.do") == IMPOSSIBLE
    assert change(order, "decline.do") == DONE
    assert sandbox.http.get(order.form_url).status_code == 403
    result = order.result()
    assert (result["OrderStatus"], result["actionCode"]) == (6, 342034)
    assert change(order, "decline.do") == IMPOSSIBLE
    assert change(sandbox.paid(), "decline.do") == IMPOSSIBLE


@pytest.mark.parametrize(
    ("permission", "call"),
    [
        ("may_hold", "deposit.do"),
        ("may_reverse", "reverse.do"),
        ("may_decline", "decline.do"),
        ("may_refund", "refund.do"),
    ],
)
def test_a_merchant_does_only_what_is_permitted(sandbox: Sandbox, permission: str, call: str) -> None:
    row = {"user_name": "SATP", "password": "p", "terminals": ["E010901201"], permission: False}
    sandbox.control("POST", "merchants", row)
    order = sandbox.register(userName="SATP", password="p")
    assert change(order, call, amount="5000", userName="SATP", password="p") == DENIED


def test_a_merchant_without_the_permission_holds_nothing(sandbox: Sandbox) -> None:
    row = {"user_name": "SATP", "password": "p", "terminals": ["E010901201"], "may_hold": False}
    sandbox.control("POST", "merchants", row)
    values = sandbox.order_values(userName="SATP", password="p")
    assert sandbox.call("registerPreAuth.do", **values).json() == {"errorCode": 5, "errorMessage": "Access denied"}


@pytest.mark.parametrize("call", ["deposit.do", "reverse.do", "decline.do", "refund.do"])
def test_an_unknown_order_is_said_so(sandbox: Sandbox, call: str) -> None:
    answer = sandbox.call(call, orderId="x" * 20, amount="100").json()
    assert answer == {"errorCode": "6", "errorMessage": "Unregistered order id"}


def test_a_merchant_who_need_not_acknowledge_keeps_the_payment(sandbox: Sandbox) -> None:
    row = {"user_name": "SATP", "password": "p", "terminals": ["E1"], "must_acknowledge": False}
    sandbox.control("POST", "merchants", row)
    values = sandbox.order_values(userName="SATP", password="p", jsonParams='{"udf1":"1","udf5":"00"}')
    answer = sandbox.call("register.do", **values).json()
    sandbox.control("POST", "pay", {"mdOrder": answer["orderId"]})
    sandbox.advance(100_000)
    status = sandbox.call("getOrderStatus.do", orderId=answer["orderId"], userName="SATP", password="p").json()
    assert status["OrderStatus"] == 2
