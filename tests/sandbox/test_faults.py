"""Each fault at least once, over real connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

ACKNOWLEDGE = "public/acknowledgeTransaction.do"


def test_a_closed_connection_before_the_effect(sandbox: Sandbox) -> None:
    sandbox.fault("close", call="register.do", times=1)
    with pytest.raises(httpx.TransportError):
        sandbox.register()
    assert sandbox.control("GET", "orders")["count"] == 0
    sandbox.register()


def test_a_closed_connection_after_the_effect(sandbox: Sandbox) -> None:
    sandbox.fault("close", call="register.do", times=1, effect=True)
    with pytest.raises(httpx.TransportError):
        sandbox.register(orderNumber="LOST1")
    assert sandbox.control("GET", "orders")["orders"][0]["order_number"] == "LOST1"
    found = sandbox.call("getOrderStatusExtended.do", orderNumber="LOST1").json()
    assert found["orderStatus"] == 0


@pytest.mark.parametrize("effect", [False, True])
def test_a_time_out_before_and_after_the_effect(sandbox: Sandbox, *, effect: bool) -> None:
    order = sandbox.paid()
    sandbox.fault("time_out", call="refund.do", times=1, effect=effect, seconds=0.05)
    with pytest.raises(httpx.TransportError):
        order.refund(1_000)
    assert order.books()["returned_centimes"] == (1_000 if effect else 0)


def test_a_held_connection_outlives_an_impatient_merchant(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.fault("time_out", call=ACKNOWLEDGE, times=1, seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post(
            f"/payment/rest/{ACKNOWLEDGE}", data=sandbox.credentials() | {"mdOrder": order.md_order}, timeout=0.2
        )
    assert order.result()["OrderStatus"] == 2


@pytest.mark.parametrize(("effect", "status"), [(False, None), (True, 503)])
def test_a_server_error_before_and_after_the_effect(sandbox: Sandbox, *, effect: bool, status: int | None) -> None:
    order = sandbox.paid()
    sandbox.fault("status", call="refund.do", times=1, effect=effect, status=status)
    answer = sandbox.call("refund.do", orderId=order.md_order, amount="1000")
    assert answer.status_code == (status or 502)
    assert "<html>" in answer.text
    assert order.books()["returned_centimes"] == (1_000 if effect else 0)


def test_a_slow_answer_is_a_true_answer(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.fault("slow", call=ACKNOWLEDGE, times=1, seconds=0.3)
    answer = order.result_response()
    assert answer.elapsed.total_seconds() >= 0.3
    assert answer.json()["OrderStatus"] == 2


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("bare_401", 401, '"Transaction is not found"'),
        ("html", 200, "<html><body><h1>Maintenance</h1></body></html>"),
        ("empty", 200, ""),
        ("too_many_requests", 429, "<html><body><h1>429</h1></body></html>"),
    ],
)
def test_an_answer_that_is_none(sandbox: Sandbox, kind: str, status: int, body: str) -> None:
    order = sandbox.paid()
    sandbox.fault(kind, call=ACKNOWLEDGE, times=1)
    answer = order.result_response()
    assert (answer.status_code, answer.text) == (status, body)
    assert order.books()["acknowledged_at"] is None
    assert order.result()["OrderStatus"] == 2


def test_a_truncated_answer_comes_after_the_effect(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.fault("truncated", call=ACKNOWLEDGE, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        order.result_response()
    assert order.books()["acknowledged_at"] is not None


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("wrong_amount", {"Amount": 143150, "depositAmount": 143150}),
        ("wrong_currency", {"currency": "978"}),
        ("wrong_order", {"OrderNumber": None}),
    ],
)
def test_an_answer_with_a_wrong_value(sandbox: Sandbox, kind: str, changed: dict[str, Any]) -> None:
    order = sandbox.paid()
    sandbox.fault(kind, call=ACKNOWLEDGE, times=1)
    wrong = order.result()
    right = order.result()
    assert {name for name in right if right[name] != wrong[name]} == set(changed)
    for name, value in changed.items():
        assert value is None or wrong[name] == value


@pytest.mark.parametrize(("kind", "code"), [("error_5", "5"), ("error_7", "7")])
@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("register.do", "errorCode"),
        (ACKNOWLEDGE, "ErrorCode"),
        ("getOrderStatusExtended.do", "errorCode"),
        ("refund.do", "errorCode"),
    ],
)
def test_an_error_of_the_gateway(sandbox: Sandbox, kind: str, code: str, call: str, field: str) -> None:
    sandbox.fault(kind, call=call, times=1)
    answer = sandbox.call(call, **sandbox.order_values())
    assert answer.status_code == 200
    assert str(answer.json()[field]) == code


def test_an_outage_closes_everything_until_it_is_over(sandbox: Sandbox) -> None:
    order = sandbox.register()
    sandbox.fault("outage", seconds=3600)
    for call in (order.result_response, order.give_card, lambda: sandbox.http.get(order.form_url)):
        with pytest.raises(httpx.TransportError):
            call()
    sandbox.advance(3601)
    assert order.result_response().status_code == 200
    assert sandbox.control("GET", "faults")["faults"] == []


def test_the_way_back_may_be_lost(sandbox: Sandbox) -> None:
    sandbox.fault("redirect_lost", times=1)
    order = sandbox.register()
    answer = order.pay()
    assert answer.status_code == 502
    assert order.result()["OrderStatus"] == 2


def test_the_payer_may_come_back_before_the_result_can_be_read(sandbox: Sandbox) -> None:
    sandbox.fault("result_late", times=1, seconds=30)
    order = sandbox.register()
    assert order.pay().status_code == 303
    early = order.result()
    assert (early["OrderStatus"], early["actionCode"], early["Pan"], early["depositAmount"]) == (0, -100, "", 0)
    extended = sandbox.call("getOrderStatusExtended.do", orderId=order.md_order).json()
    assert extended["orderStatus"] == 0
    assert order.books()["acknowledged_at"] is None
    sandbox.advance(31)
    assert order.result()["OrderStatus"] == 2


def test_a_yes_may_arrive_after_the_page_has_ended(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    sandbox.fault("authorisation_late", times=1, seconds=900)
    order = sandbox.register()
    assert order.pay().status_code == 200
    assert order.result()["OrderStatus"] == 0
    assert sandbox.http.get(order.form_url).status_code == 403
    sandbox.advance(601)
    assert order.result()["actionCode"] == -2007
    assert sandbox.balance() == before
    sandbox.advance(300)
    assert order.result()["OrderStatus"] == 2
    assert sandbox.balance() == before - 143050


def test_a_late_yes_is_a_no_when_the_account_was_emptied(sandbox: Sandbox) -> None:
    sandbox.fault("authorisation_late", times=1, seconds=60)
    order = sandbox.register()
    order.pay("6280580610061011")
    sandbox.control("POST", "accounts/CIB-061011/entries", {"centimes": -sandbox.balance("CIB-061011")})
    sandbox.advance(61)
    assert order.result()["SvfeResponse"] == "51"


def test_after_a_decline_the_same_page_may_take_another_card(sandbox: Sandbox) -> None:
    sandbox.fault("retry_after_decline", times=1)
    order = sandbox.register()
    order.give_card("6280581110006712")
    refused = order.give_code()
    assert refused.status_code == 303
    assert order.result()["OrderStatus"] == 6
    page = sandbox.http.get(refused.headers["location"])
    assert page.status_code == 200
    assert "Carte refusée" in page.text
    order.pay()
    assert order.result()["OrderStatus"] == 2
    assert order.books()["captured_centimes"] == 143050


def test_after_an_early_decline_the_same_page_may_take_another_card(sandbox: Sandbox) -> None:
    sandbox.fault("retry_after_decline", times=1)
    order = sandbox.register()
    assert "Carte refusée" in order.give_card("6280581110007017").text
    order.pay()
    assert order.result()["OrderStatus"] == 2


@pytest.mark.parametrize("kind", ["close", "time_out"])
def test_the_page_itself_may_fail(sandbox: Sandbox, kind: str) -> None:
    order = sandbox.register()
    sandbox.fault(kind, call="page", times=1, seconds=0.05)
    with pytest.raises(httpx.TransportError):
        sandbox.http.get(order.form_url)
    assert sandbox.http.get(order.form_url).status_code == 200


def test_the_page_itself_may_answer_an_error(sandbox: Sandbox) -> None:
    order = sandbox.register()
    sandbox.fault("status", call="page", times=1, status=500)
    assert sandbox.http.get(order.form_url).status_code == 500


def test_a_fault_can_be_chosen_by_amount_order_card_and_merchant(sandbox: Sandbox) -> None:
    sandbox.fault("error_7", amount_centimes=777700)
    sandbox.fault("error_7", order_number="CHOSEN")
    sandbox.fault("error_7", card="6280580610061011")
    sandbox.fault("error_7", merchant="SAT2601010002")
    assert sandbox.call("register.do", **sandbox.order_values(amount="777700")).json()["errorCode"] == 7
    assert sandbox.call("register.do", **sandbox.order_values(orderNumber="CHOSEN")).json()["errorCode"] == 7
    other = sandbox.order_values() | {"userName": "SAT2601010002", "password": "sandbox-tafna-2"}
    assert sandbox.call("register.do", **other).json()["errorCode"] == 7
    assert sandbox.paid(card="6280580610061011").result()["ErrorCode"] == "7"
    assert sandbox.paid().result()["ErrorCode"] == "0"


def test_a_fault_strikes_as_often_as_it_was_asked_to(sandbox: Sandbox) -> None:
    sandbox.fault("bare_401", call=ACKNOWLEDGE, times=2)
    order = sandbox.paid()
    assert [order.result_response().status_code for _ in range(3)] == [401, 401, 200]


def test_a_fault_can_be_taken_away(sandbox: Sandbox) -> None:
    identifier = sandbox.fault("error_7")["identifier"]
    sandbox.control("DELETE", f"faults/{identifier}")
    sandbox.register()
    assert sandbox.http.delete(f"/control/faults/{identifier}").status_code == 404


def test_a_request_may_arrive_twice_and_the_second_answer_come_back(sandbox: Sandbox) -> None:
    sandbox.fault("repeated", call="register.do", times=1)
    answer = sandbox.call("register.do", **sandbox.order_values(orderNumber="TWICE")).json()
    assert answer["errorCode"] == 1
    assert sandbox.call("getOrderStatusExtended.do", orderNumber="TWICE").json()["orderStatus"] == 0


def test_a_refund_that_arrives_twice_is_made_twice(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.fault("repeated", call="refund.do", times=1)
    assert order.refund(1_000) == {"errorCode": "0"}
    assert order.books()["returned_centimes"] == 2_000


def test_a_confirmation_that_arrives_twice_was_confirmed_before(sandbox: Sandbox) -> None:
    order = sandbox.paid(wire="A")
    sandbox.fault("repeated", call="confirmOrder.do", times=1)
    assert (order.result()["ErrorCode"], order.result()["OrderStatus"]) == ("2", 2)


def test_one_unheard_payment_may_be_taken_back_while_its_money_stays_away(sandbox: Sandbox) -> None:
    first, second = sandbox.paid(), sandbox.paid()
    sandbox.fault("cancelled_without_money", order_number=first.number)
    sandbox.advance(1201)
    assert [order.result()["OrderStatus"] for order in (first, second)] == [3, 3]
    assert [order.books()["returned_centimes"] for order in (first, second)] == [0, 143050]


def test_faults_drawn_from_a_seed_repeat(sandbox: Sandbox) -> None:
    def run() -> list[int]:
        sandbox.control("POST", "reset")
        sandbox.control("POST", "faults/drawn", {"seed": 7, "rates": {"bare_401": 0.3, "too_many_requests": 0.2}})
        return [
            sandbox.call("register.do", **sandbox.order_values(orderNumber=f"SEED{n}")).status_code for n in range(40)
        ]

    first = run()
    assert first == run()
    assert {200, 401, 429} == set(first)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "close", "times": 0},
        {"kind": "close", "times": "1"},
        {"kind": "close", "rate": 2},
        {"kind": "close", "rate": True},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": "soon"},
        {"kind": "status", "status": 200},
        {"kind": "close", "effect": "yes"},
        {"kind": "close", "card": 6280},
        {"kind": "close", "wish": 1},
        {"kind": ["close"]},
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_a_reason(sandbox: Sandbox, row: dict[str, Any]) -> None:
    answer = sandbox.http.post("/control/faults", json=row)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert sandbox.control("GET", "faults")["faults"] == []
