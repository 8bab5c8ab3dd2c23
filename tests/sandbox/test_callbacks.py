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
                heard.append(dict(parse_qsl(urlsplit(self.path).query)))
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
