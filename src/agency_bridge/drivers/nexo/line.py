"""The line to one nexo reader: one POST over TLS, and either bytes come back or nothing does.

What matters most is known here and nowhere else: whether a byte of the request can have left this machine.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final

import httpx

from agency_bridge.drivers.contract import Reader

LARGEST_BODY: Final = 256 * 1024
_OK: Final = 200
_NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """Nothing came back that is whole. `sent` is False only when no byte of the request can have left."""

    reason: str
    sent: bool


class NotUsable(Exception):  # noqa: N818 - it says what happened
    """The reader is described in a way that nothing may be sent to it."""


class Line:
    """Fresh connections to one reader, each for one message: a kept one may be half dead, and one could not tell.

    Raises:
        NotUsable: neither the certificate is pinned nor the messages protected.
    """

    def __init__(self, reader: Reader, *, connect_seconds: float) -> None:
        self._connect_seconds = connect_seconds
        self._name = reader.option("tls_name", reader.poi_id)
        self._url = f"https://{_in_address(reader.host)}:{reader.port}{reader.option('path', '/nexo')}"
        self._tls = _tls(reader)

    async def exchange(self, content: bytes, *, seconds: float) -> Reply | NoReply:
        """Sends `content` once. Never raises for what the other side does."""
        try:
            async with asyncio.timeout(self._connect_seconds + seconds):
                return await self._post(content, seconds)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            # Raised only while connecting, the TLS handshake included: nothing of ours was written yet.
            return NoReply(reason="no_connection", sent=False)
        except (TimeoutError, httpx.TimeoutException):
            return NoReply(reason="timed_out", sent=True)
        except httpx.HTTPError:
            return NoReply(reason="connection_lost", sent=True)

    async def _post(self, content: bytes, seconds: float) -> Reply | NoReply:
        async with (
            httpx.AsyncClient(
                verify=self._tls,
                timeout=httpx.Timeout(seconds, connect=self._connect_seconds),
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(
                "POST",
                self._url,
                content=content,
                headers={"Content-Type": "application/json", "Connection": "close", "Accept-Encoding": "identity"},
                extensions={"sni_hostname": self._name},
            ) as response,
        ):
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > LARGEST_BODY:
                    return NoReply(reason="too_long", sent=True)
            if response.status_code not in {_OK, _NO_CONTENT}:
                return NoReply(reason=f"http_{response.status_code}", sent=True)
            return Reply(content=bytes(body))


def _tls(reader: Reader) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    pinned = reader.option("tls_ca_pem")
    if pinned:
        try:
            context.load_verify_locations(cadata=pinned)
        except (ssl.SSLError, ValueError) as error:
            raise NotUsable("bad_certificate") from error
        return context
    if not reader.option("passphrase"):
        raise NotUsable("not_pinned")
    # The messages themselves are encrypted and signed: a stranger in the line can only cut it.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
