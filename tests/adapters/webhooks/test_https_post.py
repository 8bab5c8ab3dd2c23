"""Webhooks go to public addresses over TLS alone, whatever a name leads to, and wait for nobody for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.webhooks.contract import NotTaken, Post, Taken
from bawabati.adapters.webhooks.https_post.destination import NowhereToGo, destination_of, is_public
from bawabati.adapters.webhooks.https_post.sender import HttpsPost

INSIDE = (
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - a place nobody may go to
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "x",
    "fec0::1", "feff::1", "64:ff9b:1::1", "5f00::1", "3fff::1", "::7f00:1",
)  # fmt: skip


@contextmanager
def door(answer: bytes, *, byte_by_byte: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Takes one connection after the other, and answers with these bytes."""
    came: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    came.append(_whole_request(connection))
                    for piece in [answer[at : at + 1] for at in range(len(answer))] if byte_by_byte else [answer]:
                        connection.sendall(piece)
                        if byte_by_byte:
                            time.sleep(0.1)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield host, came
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _whole_request(connection: socket.socket) -> bytes:
    """Head and body, which may arrive apart; what has come when the caller goes away."""
    request = b""
    while b'{"type":"x"}' not in request and (piece := connection.recv(65536)):
        request += piece
    return request


def post(url: str) -> Post:
    return Post(url=url, headers={"webhook-id": "evt_1"}, body=b'{"type":"x"}')


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_no_private_network_is_public(address: object) -> None:
    assert not is_public(str(address))


def test_addresses_of_the_internet_are_public() -> None:
    assert is_public("8.8.8.8")
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://127.0.0.1/hook", "private_address"),
        ("https://localhost/hook", "private_address"),
        ("https://2130706433/hook", "private_address"),
        ("https://0x7f000001/hook", "private_address"),
        ("https://[::1]/hook", "private_address"),
        ("https://[::ffff:127.0.0.1]/hook", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("http://8.8.8.8/hook", "not_https"),
        ("https://nowhere.invalid/hook", "unknown_name"),
        ("https://" + "x" * 70 + ".example/", "unknown_name"),
    ],
)
def test_a_door_inside_is_never_knocked_at(url: str, reason: str) -> None:
    assert HttpsPost().send(post(url)) == NotTaken(status=None, reason=reason)


def test_a_name_that_leads_inside_with_one_of_its_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that answers with a public and a private address, as in a rebinding."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(NowhereToGo):
        destination_of("https://both.example/", open_hosts=())
    del found[1]
    where = destination_of("https://both.example:8443/a?b=c", open_hosts=())
    assert (where.url, where.host, where.server_name) == (
        "https://8.8.8.8:8443/a?b=c",
        "both.example:8443",
        "both.example",
    )


def test_an_open_host_may_be_here_and_without_tls() -> None:
    with door(b"HTTP/1.1 204 No Content\r\n\r\n") as (host, came):
        assert HttpsPost(open_hosts=[host]).send(post(f"http://{host}/hook?x=1")) == Taken(status=204)
    (request,) = came
    assert request.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert f"host: {host}".encode() in request.lower()
    assert b"webhook-id: evt_1" in request
    assert request.endswith(b'{"type":"x"}')


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", NotTaken(status=302, reason="redirected")),
        (b"HTTP/1.1 500 Oops\r\n\r\n", NotTaken(status=500, reason="answered")),
        (b"", NotTaken(status=None, reason="no_connection")),
        (b"\x00\xff not http\r\n\r\n", NotTaken(status=None, reason="no_connection")),
    ],
)
def test_every_odd_answer_is_a_value(answer: bytes, expected: NotTaken) -> None:
    with door(answer) as (host, _):
        assert HttpsPost(open_hosts=[host]).send(post(f"http://{host}/")) == expected


def test_nobody_is_waited_for_for_long() -> None:
    began = time.monotonic()
    with door(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200, byte_by_byte=True) as (host, _):
        answer = HttpsPost(open_hosts=[host], answer_seconds=0.5, whole_seconds=0.7).send(post(f"http://{host}/"))
    assert isinstance(answer, NotTaken)
    assert time.monotonic() - began < 5


def test_a_resolver_that_says_nothing_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: [over.wait(20)][:0])
    began = time.monotonic()
    try:
        answer = HttpsPost(whole_seconds=0.3).send(post("https://slow.example/"))
    finally:
        over.set()
    assert answer == NotTaken(status=None, reason="timed_out")
    assert time.monotonic() - began < 5


def test_nobody_there() -> None:
    sender = HttpsPost(open_hosts=["127.0.0.1:1"])
    assert sender.send(post("http://127.0.0.1:1/")) == NotTaken(status=None, reason="no_connection")
