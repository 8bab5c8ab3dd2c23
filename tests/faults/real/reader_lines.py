"""The lines between a bridge and the readers of the sandbox, without sockets: what arrives, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from agency_bridge.drivers.caisse_ap import line as caisse_ap_line
from agency_bridge.drivers.caisse_ap.tlv import Incoming as Answer
from agency_bridge.drivers.caisse_ap.tlv import Malformed
from agency_bridge.drivers.nexo import line as nexo_line
from faults.real.clock import Clock
from sandbox.reader.caisse_ap.tags import Incoming as Request
from sandbox.reader.caisse_ap.tags import NotCaisseAp
from sandbox.reader.faults import Kind
from sandbox.reader.fleet import Fleet, Place
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.replies import NO_REPLY, Pending, Reply
from sandbox.reader.transactions import Transaction

HTTP_TAKEN = frozenset({200, 204})


@dataclass(frozen=True, slots=True)
class Broken:
    """No answer. `sent`: a byte of ours may have arrived."""

    reason: str
    sent: bool


class ReaderLines:
    """Every reader of a fleet, as a bridge on its network reaches it."""

    def __init__(self, fleet: Fleet, *, clock: Clock, when_over: Callable[[Transaction], None]) -> None:
        self._fleet = fleet
        self._clock = clock
        self._tell_too = when_over
        self._waiting: list[tuple[Transaction, asyncio.Future[None]]] = []
        fleet.when_over = self._over

    async def say(self, poi_id: str, content: bytes, *, seconds: float) -> Reply | Broken:
        """Sends `content` to a reader, and waits no longer than that for a whole answer."""
        place = self._fleet.find(poi_id)
        if place is None or not place.reader.listens(now=self._clock.true):
            return Broken("no_connection", sent=False)
        if place.reader.breaks_connection(Kind.BREAK_TLS):
            return Broken("no_connection", sent=False) if isinstance(place.door, NexoDoor) else _LOST
        if place.reader.breaks_connection(Kind.CLOSE_BEFORE_READING):
            return _LOST
        try:
            async with asyncio.timeout(seconds):
                reply = await self._answered(place, content)
                if reply.after_seconds:
                    await asyncio.sleep(reply.after_seconds)
        except TimeoutError:
            return Broken("timed_out", sent=True)
        return reply if reply.send_fraction == 1 else _LOST

    async def _answered(self, place: Place, content: bytes) -> Reply:
        if isinstance(place.door, NexoDoor):
            got = place.door.receive(content, now=self._clock.true)
        else:
            request = Request()
            try:
                request.feed(content)
            except NotCaisseAp:
                return NO_REPLY
            got = place.door.receive(request.fields, now=self._clock.true)
        if not isinstance(got, Pending):
            return got
        if not got.transaction.is_over:
            ended = asyncio.get_running_loop().create_future()
            self._waiting.append((got.transaction, ended))
            await ended
        return got.reply()

    def _over(self, transaction: Transaction) -> None:
        self._tell_too(transaction)
        mine = [(each, ended) for each, ended in self._waiting if each is transaction]
        self._waiting = [each for each in self._waiting if each not in mine]
        for _, ended in mine:
            if not ended.done() and not ended.get_loop().is_closed():
                ended.set_result(None)


_LOST = Broken("connection_lost", sent=True)


class NexoLine:
    """What the bridge's nexo driver has in place of its line."""

    def __init__(self, lines: ReaderLines, poi_id: str) -> None:
        self._lines = lines
        self._poi_id = poi_id

    async def exchange(self, content: bytes, *, seconds: float) -> nexo_line.Reply | nexo_line.NoReply:
        got = await self._lines.say(self._poi_id, content, seconds=seconds)
        if isinstance(got, Broken):
            return nexo_line.NoReply(reason=got.reason, sent=got.sent)
        if got.status not in HTTP_TAKEN:
            return nexo_line.NoReply(reason=f"http_{got.status}", sent=True)
        return nexo_line.Reply(content=got.body)


async def exchange_caisse_ap(
    lines: ReaderLines, poi_id: str, content: bytes, *, seconds: float
) -> caisse_ap_line.Reply | caisse_ap_line.NoReply:
    """What the bridge's Caisse-AP driver has in place of its line."""
    got = await lines.say(poi_id, content, seconds=seconds)
    if isinstance(got, Broken):
        return caisse_ap_line.NoReply(reason=got.reason, sent=got.sent)
    answer = Answer()
    try:
        answer.feed(got.body * got.times)
    except Malformed:
        return caisse_ap_line.NoReply(reason="unreadable", sent=True)
    if not (answer.between_fields and "AE" in answer.fields):
        return caisse_ap_line.NoReply(reason="connection_lost", sent=True)
    return caisse_ap_line.Reply(fields=answer.fields)
