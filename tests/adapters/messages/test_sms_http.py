"""SMS over HTTP, as a provider sees it; and what every kind of answer means."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bawabati.adapters.messages.contract import Accepted, Message, Rejected, TryLater
from bawabati.adapters.messages.sms_http.channel import SmsHttp
from outside import Outside

PHONE = "+213551234567"


def message(text: str = "تم الدفع", *, number: int = 1, to: str = PHONE) -> Message:
    return Message(message_id=f"notice-{number}-1", to=to, subject="", text=text, language="ar", sender="Bawabati")


@contextmanager
def provider(*, status: int = 200, body: bytes = b'{"status": "accepted"}') -> Iterator[tuple[str, list[Any]]]:
    """A door that always answers so, and what came to it."""
    came: list[Any] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            came.append((dict(self.headers), json.loads(self.rfile.read(length))))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/messages", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent(url: str, what: Message, *, key: str = "our-key", answer_seconds: float = 5) -> Accepted | Rejected | TryLater:
    channel = SmsHttp(url=url, key=key, answer_seconds=answer_seconds)
    try:
        return channel.send(what)
    finally:
        channel.close()


def test_the_provider_gets_number_text_sender_identifier_and_key() -> None:
    with provider() as (url, came):
        assert sent(url, message()) == Accepted()
    ((headers, body),) = came
    assert headers["Authorization"] == "Bearer our-key"
    assert body == {"id": "notice-1-1", "to": PHONE, "text": "تم الدفع", "sender": "Bawabati"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"status": "accepted"}', Accepted),
        (202, b'{"status": "accepted", "more": [1]}', Accepted),
        (200, b'{"status": "rejected", "reason": "no such number"}', Rejected),
        (422, b'{"status": "rejected"}', Rejected),
        (200, b'{"status": "later"}', TryLater),
        (200, b"OK", TryLater),
        (200, b"[]", TryLater),
        (204, b"", TryLater),
        (302, b'{"status": "accepted"}', TryLater),
        (400, b"<html>", TryLater),
        (401, b'{"status": "rejected"}', TryLater),
        (404, b'{"status": "rejected"}', TryLater),
        (429, b'{"status": "rejected"}', TryLater),
        (500, b'{"status": "rejected"}', TryLater),
        (502, b'{"status": "accepted"}', TryLater),
        (200, b"[" * 100_000, TryLater),
        (200, b'{"status": "accepted", "much": "' + b"a" * 40_000 + b'"}', TryLater),
    ],
)
def test_only_the_providers_own_word_ends_a_message(status: int, body: bytes, kind: type) -> None:
    with provider(status=status, body=body) as (url, _came):
        assert isinstance(sent(url, message()), kind)


def test_no_reason_keeps_the_number_of_a_person() -> None:
    body = json.dumps({"status": "rejected", "reason": f"bad\r\nnumber {PHONE} or {PHONE[1:]}"}).encode()
    with provider(body=body) as (url, _came):
        answer = sent(url, message())
    assert answer == Rejected(reason="200 bad number (the recipient) or (the recipient)")


@pytest.mark.parametrize("to", ["", "0551234567", "+213 551234567", "amina@example.com", "+2135512345671234567"])
def test_what_is_no_number_never_leaves(to: str) -> None:
    with provider() as (url, came):
        assert isinstance(sent(url, message(to=to)), Rejected)
    assert came == []


@pytest.mark.parametrize("text", ["", "  ", "د" * 500])
def test_what_is_no_short_message_never_leaves(text: str) -> None:
    with provider() as (url, came):
        assert isinstance(sent(url, message(text)), Rejected)
    assert came == []


def test_a_provider_who_is_not_there_is_tried_later() -> None:
    assert sent("http://127.0.0.1:1/", message()) == TryLater(reason="ConnectError")


@pytest.mark.parametrize(
    "url", ["", "smtp://127.0.0.1", "http://sms.example/", "https://user:word@sms.example/", "http://[", "https://"]
)
def test_no_key_travels_where_it_might_be_read(url: str) -> None:
    with pytest.raises(ValueError, match="provider") as refused:
        SmsHttp(url=url, key="our-key")
    assert url not in str(refused.value) or not url


def test_the_sandboxs_phone_shows_it_once_whatever_happens_to_the_answers(outside: Outside) -> None:
    url = f"{outside.url}/sms/messages"
    with outside.fault("sms_status", effect=True, times=1):
        assert isinstance(sent(url, message()), TryLater)
    assert sent(url, message()) == Accepted()
    with outside.fault("sms_slow", seconds=3, times=1):
        assert sent(url, message(number=2), answer_seconds=0.2) == TryLater(reason="ReadTimeout")
    assert sent(url, message(number=2)) == Accepted()
    assert [sms["identifier"] for sms in outside.sms(PHONE)] == ["notice-2-1", "notice-1-1"]


def test_the_sandboxs_phone_may_refuse(outside: Outside) -> None:
    url = f"{outside.url}/sms/messages"
    with outside.fault("sms_refused", times=1):
        refused = sent(url, message())
    assert refused == Rejected(reason="422 The number (the recipient) is not in service.")
    with outside.fault("sms_refused", status=429, times=1):
        assert isinstance(sent(url, message()), TryLater)
    assert outside.sms(PHONE) == []


def test_a_channel_that_nobody_holds_any_more_leaves_no_connection_open(outside: Outside) -> None:
    channel = SmsHttp(url=f"{outside.url}/sms/messages", key="our-key")
    channel.send(message())
    kept = channel._client
    assert not kept.is_closed
    del channel
    assert kept.is_closed
