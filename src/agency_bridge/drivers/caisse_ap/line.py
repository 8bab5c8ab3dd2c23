"""The line to one Caisse-AP reader: a TCP connection for each message, not encrypted, on the agency's own network."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agency_bridge.drivers.caisse_ap.tlv import Incoming, Malformed

QUIET_SECONDS: Final = 0.5
"""A message has no end of its own: once it could be whole, so long a silence ends it."""
_PIECE: Final = 4096
_DONE: Final = "AE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """Nothing came back that is whole. `sent` is False only when no byte of the request can have left."""

    reason: str
    sent: bool


async def exchange(content: bytes, *, host: str, port: int, connect_seconds: float, seconds: float) -> Reply | NoReply:
    """Sends `content` once. Never raises for what the other side does."""
    try:
        async with asyncio.timeout(connect_seconds):
            reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError, UnicodeError):
        return NoReply(reason="no_connection", sent=False)
    try:
        async with asyncio.timeout(seconds):
            writer.write(content)
            await writer.drain()
            return await _answer(reader)
    except TimeoutError:
        return NoReply(reason="timed_out", sent=True)
    except OSError:
        return NoReply(reason="connection_lost", sent=True)
    except Malformed:
        return NoReply(reason="unreadable", sent=True)
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> Reply | NoReply:
    incoming = Incoming()
    while True:
        could_end = incoming.between_fields and _DONE in incoming.fields
        try:
            async with asyncio.timeout(QUIET_SECONDS if could_end else None):
                piece = await reader.read(_PIECE)
        except TimeoutError:
            if could_end:
                return Reply(fields=incoming.fields)
            raise
        if not piece:
            return Reply(fields=incoming.fields) if could_end else NoReply(reason="connection_lost", sent=True)
        incoming.feed(piece)
