"""What the result and status calls say, field for field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_an_unpaid_order_on_the_present_wire(sandbox: Sandbox) -> None:
    order = sandbox.register(description="Facture d'été")
    assert order.result() == {
        "depositAmount": 0,
        "currency": "012",
        "actionCode": -100,
        "actionCodeDescription": "No payment attempted yet.",
        "ErrorCode": "0",
        "ErrorMessage": "Success",
        "OrderStatus": 0,
        "OrderNumber": order.number,
        "Pan": "",
        "Amount": 143050,
        "Description": "Facture d'&eacute;t&eacute;",
    }


def test_a_paid_order_on_the_present_wire(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.pay()
    result = order.result(language="ar")
    assert result.pop("approvalCode") == result.pop("authorizationResponseId")
    assert list(result.items()) == list(
        {
            "expiration": "202701",
            "cardholderName": "CARD HOLDER",
            "depositAmount": 143050,
            "currency": "012",
            "actionCode": 0,
            "actionCodeDescription": "تم قبول عملية الدفع",
            "ErrorCode": "0",
            "ErrorMessage": "Success",
            "OrderStatus": 2,
            "OrderNumber": order.number,
            "Pan": "6280****7215",
            "Amount": 143050,
            "Ip": "127.0.0.1",
            "params": {"respCode_desc": "تم قبول عملية الدفع", "udf1": "Bill00001", "respCode": "00"},
            "SvfeResponse": "00",
        }.items()
    )


def test_a_paid_order_on_the_older_wire(sandbox: Sandbox) -> None:
    order = sandbox.register(wire="A")
    order.pay()
    first, second = order.result(), order.result()
    assert (first["ErrorCode"], first["OrderStatus"], first["authCode"]) == ("0", 2, 2)
    assert first["Pan"] == "628058**7215"
    assert "authorizationResponseId" not in first
    assert first["params"]["respCode"] == "00"
    assert second == first | {"ErrorCode": "2", "ErrorMessage": "Order is already confirmed"}


def test_acknowledging_again_changes_nothing(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    first = order.result()
    acknowledged_at = order.books()["acknowledged_at"]
    assert order.result() == first
    assert order.books()["acknowledged_at"] == acknowledged_at


def test_asking_about_an_unpaid_order_acknowledges_nothing(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.result()
    order.pay()
    assert order.books()["acknowledged_at"] is None


def test_an_unknown_order_is_a_bare_string(sandbox: Sandbox) -> None:
    answer = sandbox.call("public/acknowledgeTransaction.do", mdOrder="x" * 20, language="fr")
    assert (answer.status_code, answer.text) == (401, '"Transaction is not found"')


def test_an_unknown_order_on_the_older_wire(sandbox: Sandbox) -> None:
    answer = sandbox.call("confirmOrder.do", wire="A", orderId="x" * 20).json()
    assert answer == {"ErrorCode": "6", "ErrorMessage": "Unknown order id"}


def test_nobody_reads_the_order_of_another_merchant(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    other = {"userName": "SAT2601010002", "password": "sandbox-tafna-2"}
    acknowledged = sandbox.call("public/acknowledgeTransaction.do", mdOrder=order.md_order, **other)
    assert acknowledged.status_code == 401
    refund = sandbox.call("refund.do", orderId=order.md_order, amount="100", **other)
    assert refund.json()["errorCode"] == "6"
    by_number = sandbox.call("getOrderStatusExtended.do", orderNumber=order.number, **other)
    assert by_number.json()["errorCode"] == "6"


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("public/acknowledgeTransaction.do", "errorCode"),
        ("confirmOrder.do", "ErrorCode"),
        ("getOrderStatus.do", "ErrorCode"),
        ("getOrderStatusExtended.do", "errorCode"),
        ("refund.do", "errorCode"),
    ],
)
def test_a_wrong_password_is_access_denied_in_every_call(sandbox: Sandbox, call: str, field: str) -> None:
    answer = sandbox.call(call, mdOrder="x", orderId="x", password="wrong")
    assert answer.status_code == 200
    assert str(answer.json()[field]) == "5"


def test_the_older_wire_has_no_acknowledge_call(sandbox: Sandbox) -> None:
    order = sandbox.register(wire="A")
    answer = sandbox.call("public/acknowledgeTransaction.do", wire="A", mdOrder=order.md_order)
    assert answer.status_code == 404


def test_an_empty_identifier_has_its_own_code_on_each_wire(sandbox: Sandbox) -> None:
    assert sandbox.call("public/acknowledgeTransaction.do", mdOrder="").json()["ErrorCode"] == "5"
    assert sandbox.call("confirmOrder.do", wire="A", orderId="").json()["ErrorCode"] == "1"


@pytest.mark.parametrize("wire", ["A", "B"])
def test_the_status_calls_read_and_acknowledge_nothing(sandbox: Sandbox, wire: str) -> None:
    order = sandbox.paid(wire=wire)
    status = sandbox.call("getOrderStatus.do", wire=wire, orderId=order.md_order).json()
    assert (status["OrderStatus"], status["ErrorCode"], status["OrderNumber"]) == (2, "0", order.number)
    by_id = sandbox.call("getOrderStatusExtended.do", wire=wire, orderId=order.md_order).json()
    by_number = sandbox.call("getOrderStatusExtended.do", wire=wire, orderNumber=order.number).json()
    assert by_id == by_number
    assert (by_id["orderStatus"], by_id["amount"], by_id["currency"]) == (2, 143050, "012")
    assert by_id["cardAuthInfo"]["pan"] == "628058**7215"
    assert by_id["attributes"] == [{"name": "mdOrder", "value": order.md_order}]
    assert {"name": "udf1", "value": "Bill00001"} in by_id["merchantOrderParams"]
    assert order.books()["acknowledged_at"] is None


def test_an_unpaid_order_can_be_found_by_its_number(sandbox: Sandbox) -> None:
    order = sandbox.register()
    told = sandbox.call("getOrderStatusExtended.do", orderNumber=order.number).json()
    assert (told["errorCode"], told["orderStatus"], told["actionCode"]) == ("0", 0, -100)
    unknown = sandbox.call("getOrderStatusExtended.do", orderNumber="NOBODY").json()
    assert unknown == {
        "errorCode": "6",
        "errorMessage": "Unknown order id",
        "merchantOrderParams": [],
        "attributes": [],
    }


def test_a_decline_on_the_older_wire_speaks_in_keys(sandbox: Sandbox) -> None:
    order = sandbox.register(wire="A")
    order.pay("6280581110006712")
    result = order.result()
    assert result["ErrorMessage"] == "Order is not confirmed due to order's state"
    assert result["actionCodeDescription"] == "processing.error.203"
    assert result["params"]["respCode_desc"].startswith("Carte bloquée")
