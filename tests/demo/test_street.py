"""Ports and certificates of the demo."""

import datetime as dt
import http.server
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.certificate import make_certificate
from demo.street import Wishes, answers, choose_ports
from programs import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def wishes(state: Path, *, portal: int, sandbox: int, smtp: int) -> Wishes:
    return Wishes(state=state, portal_port=portal, sandbox_port=sandbox, smtp_port=smtp, tls=False)


def test_free_ports_are_used_as_asked_and_nothing_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    ports = (free_port(), free_port(), free_port())
    asked = wishes(tmp_path, portal=ports[0], sandbox=ports[1], smtp=ports[2])
    assert choose_ports(asked, say=said.append) == ports
    assert said == []


def test_a_taken_port_is_replaced_and_told(tmp_path: Path, taken: int) -> None:
    said: list[str] = []
    portal, sandbox, smtp = choose_ports(
        wishes(tmp_path, portal=taken, sandbox=taken, smtp=free_port()), say=said.append
    )
    assert len({portal, sandbox, smtp, taken}) == 4
    assert [f"Port {taken} is taken" in words for words in said] == [True, True]


def test_the_certificate_is_good_for_the_loopback_address(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, now=dt.datetime.now(dt.UTC))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(certificate, key)
    server.socket = secured.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()
    url = f"https://127.0.0.1:{server.server_port}/"
    try:
        assert answers(url, certificate=certificate)
        assert not answers(url)
    finally:
        server.shutdown()
        server.server_close()


def test_a_new_start_makes_a_new_certificate(tmp_path: Path) -> None:
    first = make_certificate(tmp_path, now=dt.datetime.now(dt.UTC))[0].read_bytes()
    assert make_certificate(tmp_path, now=dt.datetime.now(dt.UTC))[0].read_bytes() != first
