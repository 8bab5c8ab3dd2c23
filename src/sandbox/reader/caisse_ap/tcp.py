"""Caisse-AP over TCP: one connection for each operation."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sandbox.reader.caisse_ap.door import CaisseApDoor
from sandbox.reader.caisse_ap.tags import Incoming, NotCaisseAp
from sandbox.reader.faults import Kind
from sandbox.reader.listening import Listener, Surroundings
from sandbox.reader.replies import NO_REPLY, Pending, Reply

_log = logging.getLogger("sandbox.reader")

_QUIET_SECONDS = 0.1
"""No mark ends a message: it has ended when it is whole and nothing comes any more."""
_UNFINISHED_SECONDS = 10.0
_CHUNK = 4096


async def listen(door: CaisseApDoor, *, port: int, around: Surroundings) -> Listener:
    """Raises OSError when the port is taken."""
    lines: set[asyncio.WriteTransport] = set()

    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        lines.add(outgoing.transport)
        try:
            reply = await _reply(door, incoming, around=around)
            _log.info("caisse_ap at port %s -> %s bytes", door.reader.settings.port, len(reply.body))
            await _send(reply, outgoing)
        except OSError:
            pass
        finally:
            outgoing.close()
            with contextlib.suppress(OSError):
                await outgoing.wait_closed()
            lines.discard(outgoing.transport)

    return Listener(server=await asyncio.start_server(serve, around.host, port), lines=lambda: lines)


async def _reply(door: CaisseApDoor, incoming: asyncio.StreamReader, *, around: Surroundings) -> Reply:
    for kind in (Kind.BREAK_TLS, Kind.CLOSE_BEFORE_READING):
        if door.reader.breaks_connection(kind):
            return NO_REPLY
    fields = await _message(door, incoming)
    if not fields:
        return NO_REPLY
    got = door.receive(fields, now=around.now())
    await around.catch_up()
    if isinstance(got, Pending):
        await around.waiting.until_over(got.transaction)
        return got.reply()
    return got


async def _message(door: CaisseApDoor, incoming: asyncio.StreamReader) -> dict[str, str]:
    """The tags of one message; none when nothing came that could be one."""
    message = Incoming()
    while True:
        whole = door.is_whole(message.fields, is_between_tags=message.is_between_tags)
        try:
            data = await asyncio.wait_for(incoming.read(_CHUNK), _QUIET_SECONDS if whole else _UNFINISHED_SECONDS)
            message.feed(data)
        except TimeoutError:
            return message.fields if whole else {}
        except NotCaisseAp:
            return {}
        if not data:
            return message.fields if message.is_between_tags else {}


async def _send(reply: Reply, outgoing: asyncio.StreamWriter) -> None:
    if reply.after_seconds:
        await asyncio.sleep(reply.after_seconds)
    if not reply.send_fraction:
        outgoing.transport.abort()
        return
    sent = reply.body[: int(len(reply.body) * reply.send_fraction)] * reply.times
    step = 1 if reply.byte_by_byte else max(1, len(sent))
    for at in range(0, len(sent), step):
        outgoing.write(sent[at : at + step])
        await outgoing.drain()
        await asyncio.sleep(0)
