"""Answers on the connection, broken ones included."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from sandbox.gateway.spoiling import Answer

TRANSPORT = "sandbox.transport"


class BreakableProtocol(AutoHTTPProtocol):  # type: ignore[valid-type,misc] # uvicorn chooses the class when it is imported
    """uvicorn's protocol, which also tells the application how to break off the connection."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvicorn's protocols differ in this type
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, TRANSPORT: transport}


class OnTheWire(Response):
    """Sends an `Answer` as it is meant: late, cut short, or not at all."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body, status_code=answer.status, headers={"Content-Type": answer.content_type})
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._answer.after_seconds:
            await asyncio.sleep(self._answer.after_seconds)
        if self._answer.send_fraction >= 1:
            await super().__call__(scope, receive, send)
            return
        sent = bytes(self.body)[: int(len(self.body) * self._answer.send_fraction)]
        transport = scope["state"][TRANSPORT]
        if sent:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": sent, "more_body": True})
            transport.close()
        else:
            transport.abort()
        # The server hears of the end of the connection in the loop's next rounds, and then sends nothing by itself.
        await asyncio.sleep(0.01)
