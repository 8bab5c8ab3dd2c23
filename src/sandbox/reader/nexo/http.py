"""nexo messages over HTTPS: one request, one answer, however long the customer takes."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from sandbox.answering import TRANSPORT, BreakableProtocol
from sandbox.reader.core import Reader
from sandbox.reader.faults import Kind
from sandbox.reader.listening import Listener, Surroundings
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.replies import Pending, Reply

_log = logging.getLogger("sandbox.reader")

PATHS = frozenset({"/nexo", "/nexo/"})
_LARGEST_MESSAGE = 256 * 1024
_KEPT_ALIVE_SECONDS = 75


class NexoApplication:
    """What a till finds at the reader's address."""

    def __init__(self, door: NexoDoor, *, around: Surroundings) -> None:
        self._door = door
        self._around = around

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            response = await self._response(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if request.url.path not in PATHS:
            return PlainTextResponse("Not Found", status_code=404)
        if request.method != "POST":
            return PlainTextResponse("Method Not Allowed", status_code=405, headers={"Allow": "POST"})
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_MESSAGE:
                return PlainTextResponse("Request Entity Too Large", status_code=413)
        got = self._door.receive(bytes(body), now=self._around.now())
        await self._around.catch_up()
        if isinstance(got, Pending):
            await self._around.waiting.until_over(got.transaction)
            got = got.reply()
        _log.info("nexo at port %s -> %s, %s bytes", self._door.reader.settings.port, got.status, len(got.body))
        return _OnTheWire(got)


class _OnTheWire(Response):
    """Sends a reply as it is meant: late, twice, cut short, in pieces, or not at all."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body, status_code=reply.status, headers={"Content-Type": reply.content_type})
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply, transport = self._reply, scope["state"][TRANSPORT]
        if reply.after_seconds:
            await asyncio.sleep(reply.after_seconds)
        if not reply.send_fraction:
            transport.abort()
            await asyncio.sleep(0.01)
            return
        if reply.times > 1:
            transport.write(self._raw() * (reply.times - 1))
        if reply.send_fraction >= 1 and not reply.byte_by_byte:
            await super().__call__(scope, receive, send)
            return
        sent = reply.body[: int(len(reply.body) * reply.send_fraction)]
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        step = 1 if reply.byte_by_byte else max(1, len(sent))
        for at in range(0, len(sent), step):
            whole = reply.send_fraction >= 1 and at + step >= len(sent)
            await send({"type": "http.response.body", "body": sent[at : at + step], "more_body": not whole})
            await asyncio.sleep(0)
        if reply.send_fraction < 1:
            transport.close()
            # The server hears of the end of the connection in the loop's next rounds, and then sends nothing by itself.
            await asyncio.sleep(0.01)

    def _raw(self) -> bytes:
        head = b"".join(name + b": " + value + b"\r\n" for name, value in self.raw_headers)
        return f"HTTP/1.1 {self.status_code} OK\r\n".encode() + head + b"\r\n" + self._reply.body


async def listen(door: NexoDoor, *, port: int, context: ssl.SSLContext, around: Surroundings) -> Listener:
    """Raises OSError when the port is taken."""
    reader = door.reader
    config = uvicorn.Config(
        NexoApplication(door, around=around),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEPT_ALIVE_SECONDS,
    )
    config.load()
    state = ServerState()

    class Protocol(BreakableProtocol):
        def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as its parent's
            super().connection_made(transport)
            if reader.breaks_connection(Kind.CLOSE_BEFORE_READING):
                transport.abort()

    context.sni_callback = _breaking_handshakes(reader)
    server = await asyncio.get_running_loop().create_server(
        lambda: Protocol(config=config, server_state=state, app_state={}), around.host, port, ssl=context
    )
    return Listener(server=server, lines=lambda: [each.transport for each in state.connections])


def _breaking_handshakes(reader: Reader) -> Callable[[object, str | None, object], int | None]:
    def callback(_connection: object, _name: str | None, _context: object) -> int | None:
        return (
            ssl.AlertDescription.ALERT_DESCRIPTION_INTERNAL_ERROR if reader.breaks_connection(Kind.BREAK_TLS) else None
        )

    return callback
