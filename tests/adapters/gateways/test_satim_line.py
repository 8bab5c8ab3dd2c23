"""What happens on the line: nothing sent, nothing back, too much back, and what nobody else may see."""

import json
import logging
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.gateways import satim_examples as examples
from adapters.gateways.satim_examples import ORDER, PAGE_URL, PASSWORD, REFERENCE, REFUND_NAME, USER, account_at, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, hang_up, http
from bawabati.adapters.gateways.breaker import Breaker
from bawabati.adapters.gateways.contract import MerchantAccount, NotDone, Paid, Registered, Unknown
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.adapters.gateways.satim.line import LARGEST_BODY, Line
from bawabati.errors import Broken
from bawabati.money.amount import Money

OPENED = {"errorCode": 0, "orderId": REFERENCE, "formUrl": PAGE_URL}


def nobody_listens() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def say_nothing(connection: socket.socket) -> None:
    connection.settimeout(30)
    connection.recv(1)  # until the other side gives up


def trickle(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.01)


def test_without_a_connection_an_order_is_not_done_and_a_question_is_unknown(outside: ScriptedGateway) -> None:
    account = replace(account_at(outside), base_url=f"http://127.0.0.1:{nobody_listens()}/payment/rest")
    with satim(outside, account=account) as gateway:
        assert gateway.register(ORDER) == NotDone(reason="no_connection")
        assert gateway.refund(reference=REFERENCE, amount=Money(1), language="fr", name=REFUND_NAME) == NotDone(
            reason="no_connection"
        )
        assert gateway.ask(reference=REFERENCE, language="fr") == Unknown(reason="no_connection")
        assert gateway.ask_by_number(order_number=ORDER.number, language="fr") == Unknown(reason="no_connection")


def test_a_name_that_nobody_knows_is_no_connection(outside: ScriptedGateway) -> None:
    account = replace(account_at(outside), base_url="https://gateway.invalid/payment/rest")
    with satim(outside, account=account) as gateway:
        assert gateway.register(ORDER) == NotDone(reason="no_connection")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (hang_up, "connection_lost"),
        (say_nothing, "timed_out"),
        (trickle, "timed_out"),
        (b"\x16\x03\x01 this is not HTTP\r\n\r\n", "connection_lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", "connection_lost"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{", "connection_lost"),
        (http(b" " * (LARGEST_BODY + 1)), "unreadable"),
    ],
    ids=["hangs up", "says nothing", "trickles", "not http", "cut short", "bad chunk", "too large"],
)
def test_what_was_sent_and_not_answered_is_unknown_for_every_verb(
    outside: ScriptedGateway, answer: bytes, reason: str
) -> None:
    outside.will_say(answer, answer, answer, answer)
    patience = 0.3 if reason == "timed_out" else 15.0
    with satim(outside, read_seconds=patience, account=replace(account_at(outside), connect_seconds=0.3)) as gateway:
        assert gateway.register(ORDER) == Unknown(reason=reason)
        assert gateway.ask(reference=REFERENCE, language="fr") == Unknown(reason=reason)
        assert gateway.ask_by_number(order_number=ORDER.number, language="fr") == Unknown(reason=reason)
        assert gateway.refund(reference=REFERENCE, amount=Money(1), language="fr", name=REFUND_NAME) == Unknown(
            reason=reason
        )
    assert len(outside.requests) == 4, "nothing is ever sent twice"


def test_a_body_of_the_largest_size_is_read(outside: ScriptedGateway) -> None:
    body = json.dumps(examples.PAID).encode()
    outside.will_say(http(body + b" " * (LARGEST_BODY - len(body))))
    with satim(outside) as gateway:
        assert isinstance(gateway.ask(reference=REFERENCE, language="fr"), Paid)


def test_a_compressed_body_is_not_unpacked(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.PAID, headers="Content-Encoding: gzip\r\n"))
    with satim(outside) as gateway:
        assert isinstance(gateway.ask(reference=REFERENCE, language="fr"), Paid)
    assert "Accept-Encoding: identity\r\n" in outside.requests[0].headers


def test_no_redirect_is_followed(outside: ScriptedGateway) -> None:
    outside.will_say(http("", status=307, headers=f"Location: {outside.base_url}/elsewhere\r\n"))
    with satim(outside) as gateway:
        answer = gateway.register(ORDER)
    assert answer == Unknown(reason="unexpected_status", said=answer.said)
    assert len(outside.requests) == 1


def test_two_payers_never_share_a_session_of_the_gateway(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.PAID, headers="Set-Cookie: JSESSIONID=1; Path=/\r\n"), http(examples.PAID))
    with satim(outside) as gateway:
        gateway.ask(reference=REFERENCE, language="fr")
        gateway.ask(reference=REFERENCE, language="fr")
    assert "cookie" not in outside.requests[1].headers.lower()


def test_credentials_are_in_no_address_no_header_no_log_and_no_answer(
    outside: ScriptedGateway, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("httpx", "httpcore"):  # as talkative as they can be, whatever our own settings keep them from saying
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        caplog.set_level(logging.DEBUG, logger=name)
    echo = http(f"<html>{USER}:{PASSWORD}</html>", content_type="text/html")
    outside.will_say(http(OPENED), http(examples.PAID), http(examples.EXTENDED_PAID), echo, echo, echo, hang_up)
    with caplog.at_level(logging.DEBUG), satim(outside) as gateway:
        told = [
            gateway.register(ORDER),
            gateway.ask(reference=REFERENCE, language="fr"),
            gateway.ask_by_number(order_number=ORDER.number, language="fr"),
            gateway.refund(reference=REFERENCE, amount=Money(1), language="fr", name=REFUND_NAME),
            gateway.register(ORDER),
            gateway.ask(reference=REFERENCE, language="fr"),
        ]
        shown = [repr(told), repr(gateway), repr(account_at(outside)), caplog.text]
    for request in outside.requests:
        assert request.form["password"] == PASSWORD
        assert request.line.startswith("POST ")
        assert "?" not in request.line
        shown += [request.line, request.headers]
    assert caplog.text, "the HTTP client does log"
    everything = "\n".join(shown)
    assert PASSWORD not in everything
    assert USER not in everything.replace(repr(account_at(outside)), "")


def test_an_environment_with_a_proxy_changes_nothing(outside: ScriptedGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{nobody_listens()}")
    outside.will_say(http(examples.PAID))
    with satim(outside) as gateway:
        assert isinstance(gateway.ask(reference=REFERENCE, language="fr"), Paid)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://test2.satim.dz/payment/rest",
        "http://10.0.0.1/payment/rest",
        "http://localhost.example/payment/rest",
        "http://127.0.0.1.example/payment/rest",
        "ftp://test2.satim.dz/payment/rest",
        "https://user:secret@test2.satim.dz/payment/rest",
        "https://test2.satim.dz/payment/rest?x=1",
        "https://test2.satim.dz/payment/rest#x",
        "https:///payment/rest",
        "test2.satim.dz/payment/rest",
        "",
    ],
)
def test_credentials_are_not_given_an_address_that_is_not_safe(base_url: str) -> None:
    with pytest.raises(Broken):
        Satim(MerchantAccount(base_url=base_url, user_name="u", password="p"))


@pytest.mark.parametrize("options", [{"wire": "newest"}, {"slots": "0"}, {"slots": "many"}])
def test_an_account_whose_options_make_no_sense_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(Broken):
        Satim(MerchantAccount(base_url="https://test2.satim.dz", user_name="u", password="p", options=options))


@pytest.mark.parametrize(
    ("base_url", "options"),
    [
        ("https://test2.satim.dz/payment/rest/", {}),
        ("http://localhost:8000/payment/rest", {}),
        ("http://[::1]:8000/payment/rest", {}),
        ("http://10.0.0.1/payment/rest", {"plain_http": "allowed"}),
    ],
)
def test_an_address_over_tls_or_on_this_machine_or_allowed_is_taken(base_url: str, options: dict[str, str]) -> None:
    account = MerchantAccount(base_url=base_url, user_name="u", password="p", options=options)
    Satim(account).close()


def test_a_silent_gateway_is_left_in_peace_and_payments_are_never_ended_by_that(outside: ScriptedGateway) -> None:
    clock = [0.0]
    breaker = Breaker(failures=3, rest_seconds=30, monotonic=lambda: clock[0])
    outside.will_say(hang_up, http("", status=503), http("<html>"))
    with satim(outside, breaker=breaker) as gateway:
        for _ in range(3):
            assert gateway.open_since is None
            assert isinstance(gateway.ask(reference=REFERENCE, language="fr"), Unknown)
        assert gateway.open_since is not None
        assert gateway.ask(reference=REFERENCE, language="fr") == Unknown(reason="circuit_open")
        assert gateway.ask_by_number(order_number=ORDER.number, language="fr") == Unknown(reason="circuit_open")
        assert gateway.register(ORDER) == NotDone(reason="circuit_open")
        assert gateway.refund(reference=REFERENCE, amount=Money(1), language="fr", name=REFUND_NAME) == NotDone(
            reason="circuit_open"
        )
        assert len(outside.requests) == 3
        clock[0] += 30
        outside.will_say(http(OPENED))
        assert isinstance(gateway.register(ORDER), Registered)
        assert gateway.open_since is None


@pytest.mark.parametrize(
    "answer",
    [
        http({"errorCode": 5}),
        http({"errorCode": 7}),
        http('"Transaction is not found"', status=401),
        http("", status=429),
        http("", status=404),
    ],
)
def test_an_answer_that_helps_nobody_is_still_an_answer(outside: ScriptedGateway, answer: bytes) -> None:
    breaker = Breaker(failures=1)
    outside.will_say(answer)
    with satim(outside, breaker=breaker) as gateway:
        gateway.ask(reference=REFERENCE, language="fr")
        assert gateway.open_since is None


def test_calls_under_way_are_bounded_and_a_reserved_place_is_kept(outside: ScriptedGateway) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(connection: socket.socket) -> None:
        arrived.set()
        go_on.wait()
        connection.sendall(http(examples.PAID))

    outside.will_say(slowly)
    account = replace(account_at(outside, slots="1"), connect_seconds=0.05)
    with satim(outside, account=account) as gateway:
        assert gateway.slot_free()
        thread = threading.Thread(target=lambda: gateway.ask(reference=REFERENCE, language="fr"))
        thread.start()
        arrived.wait()
        assert not gateway.slot_free()
        with gateway.slot() as mine:
            assert not mine
        assert gateway.register(ORDER) == NotDone(reason="no_slot")
        assert gateway.ask(reference=REFERENCE, language="fr") == Unknown(reason="no_slot")
        assert gateway.open_since is None
        go_on.set()
        thread.join()
        outside.will_say(http(OPENED))
        with gateway.slot() as mine:
            assert mine
            assert isinstance(gateway.register(ORDER), Registered)
    assert len(outside.requests) == 2


@contextmanager
def tls_gateway(folder: Path, *, name: str) -> Iterator[tuple[int, Path]]:
    """Answers "paid" over TLS, with a certificate for `name` that nobody but its own file vouches for."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    seen = ScriptedGateway(port=0)
    seen.will_say(http(examples.PAID))

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection, context.wrap_socket(connection, server_side=True) as secured:
                    seen.serve(secured)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], certificate
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_certificate_that_nobody_vouches_for_gets_no_credentials(tmp_path: Path) -> None:
    with tls_gateway(tmp_path, name="localhost") as (port, _):
        account = MerchantAccount(base_url=f"https://localhost:{port}", user_name=USER, password=PASSWORD)
        with satim(ScriptedGateway(port=0), account=account) as gateway:
            assert gateway.register(ORDER) == NotDone(reason="no_connection")


def test_a_certificate_for_another_name_gets_no_credentials(tmp_path: Path) -> None:
    with tls_gateway(tmp_path, name="gateway.example") as (port, certificate):
        account = MerchantAccount(
            base_url=f"https://localhost:{port}",
            user_name=USER,
            password=PASSWORD,
            options={"ca_file": str(certificate)},
        )
        with satim(ScriptedGateway(port=0), account=account) as gateway:
            assert gateway.register(ORDER) == NotDone(reason="no_connection")


def test_an_authority_of_ones_own_may_be_named(tmp_path: Path) -> None:
    with tls_gateway(tmp_path, name="localhost") as (port, certificate):
        account = MerchantAccount(
            base_url=f"https://localhost:{port}",
            user_name=USER,
            password=PASSWORD,
            options={"ca_file": str(certificate)},
        )
        with satim(ScriptedGateway(port=0), account=account) as gateway:
            assert isinstance(gateway.ask(reference=REFERENCE, language="fr"), Paid)


def test_a_line_that_nobody_holds_any_more_leaves_no_connection_open(outside: ScriptedGateway) -> None:
    line = Line(account_at(outside), connections=1)
    kept = line._client
    assert not kept.is_closed
    del line
    assert kept.is_closed
