"""Callbacks reach a real server, in every way in which the sandbox may send them."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Order, Sandbox

KEY = "shared-with-the-merchant"


class Listening:
    """A merchant's server that writes down what it is told."""

    def __init__(self) -> None:
        heard: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def answer(self, encoded: str) -> None:
                heard.append(dict(parse_qsl(encoded)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_told: object) -> None:
                """Silent."""

        self.heard = heard
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def wait_for(self, count: int) -> list[dict[str, str]]:
        for _ in range(300):
            if len(self.heard) >= count:
                break
            time.sleep(0.02)
        time.sleep(0.15)  # one more would have come by now
        return self.heard

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def listening() -> Iterator[Listening]:
    server = Listening()
    yield server
    server.close()


@pytest.fixture
def signed(sandbox: Sandbox) -> Sandbox:
    row = {"user_name": "SATC", "password": "c", "terminals": ["E010901201"], "page_name": "c", "callback_key": KEY}
    sandbox.control("POST", "merchants", row)
    return sandbox


def register(sandbox: Sandbox, listening: Listening) -> Order:
    return sandbox.register(userName="SATC", password="c", dynamicCallbackUrl=listening.url)


def test_nobody_is_told_unless_a_fault_asks_for_it(signed: Sandbox, listening: Listening) -> None:
    register(signed, listening).pay()
    assert listening.wait_for(0) == []


@pytest.mark.parametrize(("kind", "times"), [("callback_once", 1), ("callback_twice", 2)])
def test_a_payment_is_told_and_signed(signed: Sandbox, listening: Listening, kind: str, times: int) -> None:
    signed.fault(kind)
    order = register(signed, listening)
    order.pay()
    heard = listening.wait_for(times)
    assert len(heard) == times
    told = heard[0]
    assert (told["mdOrder"], told["orderNumber"]) == (order.md_order, order.number)
    assert (told["operation"], told["status"]) == ("deposited", "1")
    claimed = f"mdOrder;{order.md_order};operation;deposited;orderNumber;{order.number};status;1;"
    assert told["checksum"] == hmac.new(KEY.encode(), claimed.encode(), hashlib.sha256).hexdigest().upper()


def test_a_refusal_is_told_as_such(signed: Sandbox, listening: Listening) -> None:
    signed.fault("callback_once")
    register(signed, listening).pay("6280581110006712")
    assert listening.wait_for(1)[0]["status"] == "0"


def test_paid_may_be_told_before_it_is_true(signed: Sandbox, listening: Listening) -> None:
    signed.fault("callback_before")
    order = register(signed, listening)
    order.give_card()
    assert listening.wait_for(1)[0]["status"] == "1"
    assert order.books()["captured_centimes"] == 0


def test_a_forged_callback_says_paid_with_a_wrong_signature(signed: Sandbox, listening: Listening) -> None:
    signed.fault("callback_forged")
    order = register(signed, listening)
    order.pay("6280581110006712")
    told = listening.wait_for(1)[0]
    assert told["status"] == "1"
    claimed = f"mdOrder;{order.md_order};operation;deposited;orderNumber;{order.number};status;1;"
    assert told["checksum"] != hmac.new(KEY.encode(), claimed.encode(), hashlib.sha256).hexdigest().upper()


def test_a_callback_may_speak_of_another_order(signed: Sandbox, listening: Listening) -> None:
    other = register(signed, listening)
    signed.fault("callback_other_order")
    register(signed, listening).pay()
    assert listening.wait_for(1)[0]["mdOrder"] == other.md_order


def test_a_merchant_who_cannot_be_reached_stops_nothing(signed: Sandbox, listening: Listening) -> None:
    signed.fault("callback_once")
    for address in ("http://127.0.0.1:1/none", "nonsense", "http://[broken"):
        order = signed.register(userName="SATC", password="c", dynamicCallbackUrl=address)
        order.pay()
        assert order.books()["state"] == "deposited"
    register(signed, listening).pay()
    assert len(listening.wait_for(1)) == 1


def called_back(sandbox: Sandbox, **changes: object) -> None:
    """A merchant whom the gateway calls back by itself."""
    row = {"user_name": "SATC", "password": "c", "terminals": ["E010901201"], "page_name": "c", "callbacks": True}
    sandbox.control("POST", "merchants", row | changes)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_merchant_may_be_told_of_everything_that_happens_to_an_order(
    sandbox: Sandbox, listening: Listening, method: str
) -> None:
    called_back(sandbox, callback_url=listening.url, callback_method=method, callback_key=KEY)
    order = sandbox.register(userName="SATC", password="c")
    order.pay()
    sandbox.call("refund.do", userName="SATC", password="c", orderId=order.md_order, amount="5000")
    declined = sandbox.register(userName="SATC", password="c")
    declined.pay("6280581110006712")
    sandbox.register(userName="SATC", password="c")
    sandbox.advance(601)
    heard = listening.wait_for(4)
    told = [(each["mdOrder"] == order.md_order, each["operation"], each["status"]) for each in heard]
    assert told == [
        (True, "deposited", "1"),
        (True, "refunded", "1"),
        (False, "deposited", "0"),
        (False, "declinedByTimeout", "0"),
    ]
    assert all("checksum" in each for each in heard)


def test_two_phases_and_reversals_have_words_of_their_own(sandbox: Sandbox, listening: Listening) -> None:
    called_back(sandbox, callback_url=listening.url)
    its_own = {"userName": "SATC", "password": "c"}
    for call, values in (("deposit.do", {"amount": "0"}), ("reverse.do", {})):
        order = sandbox.register(call="registerPreAuth.do", **its_own)
        order.pay()
        sandbox.call(call, orderId=order.md_order, **values, **its_own)
    heard = [each["operation"] for each in listening.wait_for(4)]
    assert heard == ["approved", "deposited", "approved", "reversed"]
    assert "checksum" not in listening.heard[0]


def test_the_address_of_the_order_comes_before_that_of_the_merchant_and_keeps_its_query(
    sandbox: Sandbox, listening: Listening
) -> None:
    called_back(sandbox, callback_url="http://127.0.0.1:1/nobody")
    order = sandbox.register(userName="SATC", password="c", dynamicCallbackUrl=f"{listening.url}?ours=1#part")
    order.pay()
    (heard,) = listening.wait_for(1)
    assert (heard["ours"], heard["mdOrder"]) == ("1", order.md_order)


def test_a_callback_may_never_come_or_come_after_later_ones(sandbox: Sandbox, listening: Listening) -> None:
    called_back(sandbox, callback_url=listening.url)
    its_own = {"userName": "SATC", "password": "c"}
    sandbox.fault("callback_never", times=1)
    sandbox.register(**its_own).pay()
    sandbox.fault("callback_late", times=1, seconds=60)
    order = sandbox.register(**its_own)
    order.pay()
    sandbox.call("refund.do", orderId=order.md_order, amount="5000", **its_own)
    assert [each["operation"] for each in listening.wait_for(1)] == ["refunded"]
    sandbox.advance(61)
    assert [each["operation"] for each in listening.wait_for(2)] == ["refunded", "deposited"]
