"""The portal's hands, without a network: the real SATIM adapter on a line that ends in the sandbox's own calls, a
channel that keeps what it was given, documents that say what they hold. Named by dotted paths in the settings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import httpx

from bawabati.adapters.documents.contract import ReceiptFacts
from bawabati.adapters.gateways.breaker import Breaker
from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.adapters.messages.contract import Message, SendAnswer
from bawabati.adapters.webhooks.contract import Post, PostAnswer, Taken

if TYPE_CHECKING:
    from faults.real.surroundings import Surroundings

READ_SECONDS = 15.0
CALLS = "/payment/rest/"

HANDS = {
    "GATEWAYS": {"satim": "faults.real.hands.SatimInProcess"},
    "MESSAGE_CHANNEL": "faults.real.hands.KeepingChannel",
    "SMS_CHANNEL": "faults.real.hands.KeepingTexts",
    "SMS_URL": "https://sms.example/messages",
    "DOCUMENT_MAKER": "faults.real.hands.PlainDocuments",
    "WEBHOOK_SENDER": "faults.real.hands.KeepingWebhooks",
}

_surroundings: Surroundings | None = None


def surround(surroundings: Surroundings | None) -> None:
    """From now on every hand of this process reaches into these."""
    global _surroundings  # noqa: PLW0603 - the registry keeps hands longer than a seed lasts
    _surroundings = surroundings


def here() -> Surroundings:
    assert _surroundings is not None, "nobody surrounds this process"
    return _surroundings


class SatimInProcess(Satim):
    """The adapter that takes real payments; only its line does not leave the process."""

    def __init__(self, account: MerchantAccount) -> None:
        super().__init__(account, breaker=Breaker(monotonic=_monotonic, now=_now))
        self._line._client._transport = _Line()

    def forget_silence(self) -> None:
        """As a new process begins."""
        self._breaker.answered()


def _monotonic() -> float:
    return here().clock.monotonic()


def _now() -> datetime:
    return here().clock.now()


class _Line(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        values = dict(parse_qsl(request.read().decode("ascii"), keep_blank_values=True))
        return here().call_the_gateway(request.url.path.removeprefix(CALLS), values)


class Body(httpx.SyncByteStream):
    """A body that may end before it is whole."""

    def __init__(self, content: bytes, *, cut: bool) -> None:
        self._content = content
        self._cut = cut

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        if self._cut:
            raise httpx.RemoteProtocolError("the connection was closed in the middle")


class KeepingChannel:
    """What was sent, as the next server saw it."""

    def __init__(self, *, url: str) -> None:
        del url

    def send(self, message: Message) -> SendAnswer:
        return here().take_mail(message)


class KeepingTexts:
    """The same for SMS."""

    def __init__(self, *, url: str, key: str) -> None:
        del url, key

    def send(self, message: Message) -> SendAnswer:
        return here().take_mail(message)


class KeepingWebhooks:
    """A billing system that takes whatever it is told."""

    def __init__(self, *, open_hosts: Collection[str] = ()) -> None:
        del open_hosts

    def send(self, post: Post) -> PostAnswer:
        here().webhooks.append(post)
        return Taken(status=200)


class PlainDocuments:
    """A receipt's number in place of its picture: what it looks like is tested elsewhere, and costs time."""

    def receipt_pdf(self, facts: ReceiptFacts) -> bytes:
        return facts.number.encode()

    receipt_png = receipt_pdf
