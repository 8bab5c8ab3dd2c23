from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


STRICT = {"user_name": "SATS", "password": "s", "terminals": ["E010901201"], "strict": True}


def params(**changes: object) -> str:
    return json.dumps({"force_terminal_id": "E010901201", "udf1": "1"} | changes)


def test_the_answer_has_the_fields_of_the_present_wire(sandbox: Sandbox) -> None:
    answer = sandbox.call("register.do", **sandbox.order_values(language="AR"))
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    told = answer.json()
    assert list(told) == ["errorCode", "orderId", "formUrl"]
    assert told["errorCode"] == 0
    assert len(told["orderId"]) == 20
    assert told["orderId"].isalnum()
    home = sandbox.told["public_url"]
    page = f"{home}/payment/epg/merchants/oran/payment.html?mdOrder={told['orderId']}&language=ar"
    assert told["formUrl"] == page


def test_the_answer_has_the_fields_of_the_older_wire(sandbox: Sandbox) -> None:
    told = sandbox.call("register.do", wire="A", **sandbox.order_values("A")).json()
    assert told["errorCode"] == "0"
    assert "/payment/merchants/older/payment_fr.html?mdOrder=" in told["formUrl"]


@pytest.mark.parametrize(("codes", "expected"), [("string", "0"), ("number", 0)])
@pytest.mark.parametrize(("result_codes", "read"), [("as_seen", "0"), ("string", "0"), ("number", 0)])
@pytest.mark.parametrize("wire", ["A", "B"])
def test_codes_can_be_texts_or_numbers_on_either_wire(
    sandbox: Sandbox, wire: str, codes: str, expected: str | int, result_codes: str, read: str | int
) -> None:
    switches = {"codes": codes, "result_codes": result_codes, "wire": wire}
    sandbox.control("POST", "merchants", {"user_name": "SATX", "password": "x", "terminals": ["E010901299"]} | switches)
    its_own = {"userName": "SATX", "password": "x"}
    values = sandbox.order_values(jsonParams=params(force_terminal_id="E010901299"))
    answer = sandbox.call("register.do", **values | its_own).json()
    assert answer["errorCode"] == expected
    named = its_own | {"orderId": answer["orderId"], "mdOrder": answer["orderId"]}
    result = "confirmOrder.do" if wire == "A" else "public/acknowledgeTransaction.do"
    not_confirmed = {"0": "3", 0: 3}[read] if wire == "A" else read
    assert sandbox.call(result, **named).json()["ErrorCode"] == not_confirmed
    assert sandbox.call("getOrderStatus.do", **named).json()["ErrorCode"] == read
    assert sandbox.call("getOrderStatusExtended.do", **named).json()["errorCode"] == read


def test_get_and_post_are_answered_alike(sandbox: Sandbox) -> None:
    answer = sandbox.call("register.do", get=True, **sandbox.order_values()).json()
    assert answer["errorCode"] == 0


def test_a_number_is_never_used_twice_even_after_a_failure(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.sandbox.http.post(order.form_url, data={"mdOrder": order.md_order, "cancel": "1"})
    values = sandbox.order_values(orderNumber=order.number)
    assert sandbox.call("register.do", **values).json()["errorCode"] == 1


def test_two_merchants_may_use_the_same_number(sandbox: Sandbox) -> None:
    order = sandbox.register()
    assert sandbox.register(wire="A", orderNumber=order.number).md_order != order.md_order


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderNumber": ""}, 4),
        ({"amount": ""}, 4),
        ({"returnUrl": ""}, 4),
        ({"userName": ""}, 4),
        ({"password": ""}, 4),
        ({"password": "wrong"}, 5),
        ({"userName": "SAT0000000000"}, 5),
        ({"currency": "978"}, 3),
        ({"currency": ""}, 3),
        ({"amount": "4999"}, 5),
        ({"amount": "1430.50"}, 5),
        ({"amount": "-143050"}, 5),
        ({"amount": "١٤٣٠٥٠"}, 5),
        ({"amount": "9" * 13}, 5),
        ({"orderNumber": "12345678901"}, 5),
        ({"orderNumber": "A-1"}, 5),
        ({"language": "de"}, 5),
        ({"language": ""}, 5),
        ({"returnUrl": "/relative"}, 5),
        ({"returnUrl": "javascript:alert(1)"}, 5),
        ({"returnUrl": "http://merchant.example/\r\nSet-Cookie: a=b"}, 5),
        ({"failUrl": "http://[broken"}, 5),
        ({"description": "x" * 513}, 5),
        ({"jsonParams": ""}, 5),
        ({"jsonParams": "[]"}, 5),
        ({"jsonParams": "{"}, 5),
        ({"jsonParams": "[" * 1000}, 5),
        ({"jsonParams": params(force_terminal_id="E010901202")}, 5),
        ({"jsonParams": params(udf1="")}, 5),
        ({"jsonParams": params(udf1="x" * 21)}, 5),
        ({"jsonParams": params(udf2=[1])}, 5),
        ({"jsonParams": params(fundingTypeIndicator="XX")}, 5),
    ],
)
def test_a_strict_merchant_is_held_to_what_the_portal_prints(
    sandbox: Sandbox, changes: dict[str, str], code: int
) -> None:
    sandbox.control("POST", "merchants", STRICT)
    answer = sandbox.call("register.do", **sandbox.order_values() | {"userName": "SATS", "password": "s"} | changes)
    assert answer.status_code == 200
    told = answer.json()
    assert list(told) == ["errorCode", "errorMessage"]
    assert told["errorCode"] == code
    assert sandbox.control("GET", "orders")["count"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"orderNumber": "20251122133907"},
        {"orderNumber": "5f0f2f2e-6a1c"},
        {"language": ""},
        {"currency": ""},
        {"failUrl": ""},
        {"jsonParams": ""},
        {"jsonParams": "{}"},
        {"jsonParams": params(udf1="")},
        {"jsonParams": params(udf1="amina@example.dz", orderNumber=7, udf5=None)},
        {"jsonParams": json.dumps({"udf1": "0", "udf5": "00"})},
        {"description": "x" * 598},
    ],
)
def test_any_other_merchant_is_taken_as_older_hosts_take_them(sandbox: Sandbox, changes: dict[str, str]) -> None:
    assert sandbox.call("register.do", **sandbox.order_values() | changes).json()["errorCode"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderNumber": ""}, 4),
        ({"password": "wrong"}, 5),
        ({"currency": "978"}, 3),
        ({"amount": "4999"}, 5),
        ({"amount": "6406.999999999999"}, 5),
        ({"orderNumber": "x" * 37}, 5),
        ({"orderNumber": "A 1"}, 5),
        ({"language": "de"}, 5),
        ({"returnUrl": "/relative"}, 5),
        ({"jsonParams": "{'udf1':'1'}"}, 5),
        ({"jsonParams": params(force_terminal_id="E010901202")}, 5),
        ({"jsonParams": params(udf2=[1])}, 5),
    ],
)
def test_what_can_never_be_right_is_refused_to_everybody(sandbox: Sandbox, changes: dict[str, str], code: int) -> None:
    assert sandbox.call("register.do", **sandbox.order_values() | changes).json()["errorCode"] == code


def test_the_session_may_be_as_long_as_the_merchant_asks(sandbox: Sandbox) -> None:
    order = sandbox.register(sessionTimeoutSecs="1800")
    sandbox.advance(1700)
    assert order.result()["OrderStatus"] == 0
    sandbox.advance(101)
    assert order.result()["OrderStatus"] == 6
    assert sandbox.register(sessionTimeoutSecs="soon").result()["OrderStatus"] == 0


def test_the_same_request_identifier_is_the_same_registration(sandbox: Sandbox) -> None:
    values = sandbox.order_values(externalRequestId="ours-1")
    first, again = (sandbox.call("register.do", **values).json() for _ in range(2))
    assert again == first
    other = sandbox.call("register.do", **values | {"amount": "150000"}).json()
    assert other["errorCode"] == 1
    assert sandbox.call("register.do", **values | {"externalRequestId": "ours-2"}).json()["errorCode"] == 1


def test_a_form_in_several_parts_and_a_query_beside_a_form_are_read(sandbox: Sandbox) -> None:
    values = sandbox.credentials() | sandbox.order_values()
    in_parts = {name: (None, value) for name, value in values.items()}
    assert sandbox.http.post("/payment/rest/register.do", files=in_parts).json()["errorCode"] == 0
    both = sandbox.order_values()
    query = {"orderNumber": both.pop("orderNumber")}
    answer = sandbox.http.post("/payment/rest//register.do", params=query, data=sandbox.credentials() | both)
    assert answer.json()["errorCode"] == 0


def test_json_that_nobody_encoded_is_read_in_a_query(sandbox: Sandbox) -> None:
    values = sandbox.credentials() | sandbox.order_values()
    plain = "&".join(f"{name}={value}" for name, value in values.items()).replace(" ", "")
    host, port = "127.0.0.1", sandbox.told["http_port"]
    with socket.create_connection((host, port)) as connection:
        request = f"GET /payment/rest/register.do?{plain} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b'"errorCode":0' in answered


def test_what_nobody_asked_for_is_ignored(sandbox: Sandbox) -> None:
    order = sandbox.register(terminalId="E1", fundingTypeIndicator="698", sslverify="true", timeout="50")
    assert order.result()["OrderStatus"] == 0
    falsy = sandbox.register(jsonParams=params(udf1=0, fundingTypeIndicator="CP"))
    assert falsy.books()["params"] == {"udf1": "0"}


CALLS = [
    "register.do",
    "registerPreAuth.do",
    "deposit.do",
    "reverse.do",
    "decline.do",
    "public/acknowledgeTransaction.do",
    "confirmOrder.do",
    "getOrderStatus.do",
    "getOrderStatusExtended.do",
    "refund.do",
]
FIELDS = [
    "userName",
    "password",
    "orderNumber",
    "amount",
    "currency",
    "returnUrl",
    "failUrl",
    "description",
    "language",
    "jsonParams",
    "orderId",
    "mdOrder",
    "externalRefundId",
    "dynamicCallbackUrl",
]
hostile = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["\x00", "'; DROP TABLE kept; --", "{{7*7}}", "<script>", "💧", "0x10", "1e5", "NaN"]),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(FIELDS),
    value=hostile,
    call=st.sampled_from(CALLS),
    wire=st.sampled_from(["A", "B"]),
)
def test_no_value_on_the_wire_breaks_the_gateway(sandbox: Sandbox, name: str, value: str, call: str, wire: str) -> None:
    values = sandbox.order_values(wire) | {"orderId": "x" * 20, "mdOrder": "x" * 20} | {name: value}
    answer = sandbox.call(call, wire=wire, **values)
    assert answer.status_code in {200, 401, 404}
    if answer.status_code == 200:
        assert isinstance(answer.json(), dict)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300))
def test_no_body_breaks_the_gateway(sandbox: Sandbox, body: bytes) -> None:
    for path in ("/payment/rest/register.do", "/acs/api/3ds/form", "/control/faults", "/control/pay", "/control/"):
        answer = sandbox.http.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code < 500


def test_a_body_without_end_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.http.post("/payment/rest/register.do", content=b"a=" + b"x" * 100_000).status_code == 413


def test_a_form_with_thousands_of_fields_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.http.post("/payment/rest/register.do", content=b"a=1&" * 5000).status_code == 413


def test_names_of_calls_are_case_sensitive(sandbox: Sandbox) -> None:
    assert sandbox.call("Register.do", **sandbox.order_values()).status_code == 404
