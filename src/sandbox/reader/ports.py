"""Opens a port for each reader, and shuts it while a fault wants nobody to listen."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.reader.caisse_ap import tcp
from sandbox.reader.caisse_ap.door import CaisseApDoor
from sandbox.reader.certificates import Authority
from sandbox.reader.fleet import Fleet, Place
from sandbox.reader.listening import Listener, Surroundings
from sandbox.reader.nexo import http
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.waiting import Waiting

_log = logging.getLogger("sandbox.reader")


@dataclass(slots=True, kw_only=True)
class _Open:
    place: Place
    port: int
    name_on_certificate: str
    context: ssl.SSLContext | None
    listener: Listener | None


class Ports:
    """The readers' side of the network. One loop."""

    def __init__(self, *, fleet: Fleet, authority: Authority, host: str, now: Callable[[], float]) -> None:
        self._fleet = fleet
        self._authority = authority
        waiting = Waiting()
        self._around = Surroundings(host=host, now=now, waiting=waiting, catch_up=self.catch_up)
        self._open: dict[str, _Open] = {}
        self._one_after_the_other = asyncio.Lock()
        fleet.when_over = waiting.tell

    @property
    def ca_pem(self) -> str:
        """What a till pins: the certificate that has signed those of the readers."""
        return self._authority.pem

    def port_of(self, poi_id: str) -> int:
        """0 when it has none."""
        known = self._open.get(poi_id)
        return known.port if known else 0

    async def open_all(self) -> None:
        """Raises OSError when a port is taken."""
        for place in self._fleet.places():
            await self.open(place)

    async def open(self, place: Place) -> int:
        """The port where this reader listens from now on. Safe to repeat. Raises OSError when it is taken."""
        async with self._one_after_the_other:
            settings = place.reader.settings
            known = self._open.get(settings.poi_id)
            if known is not None:
                same = (known.place, known.name_on_certificate) == (place, settings.name_on_certificate)
                if same and settings.port in {0, known.port}:
                    return self._stay(place, known.port)
                self._shut(settings.poi_id)
            name = settings.name_on_certificate
            opened = _Open(
                place=place,
                port=settings.port,
                name_on_certificate=name,
                context=self._authority.server_context(name) if isinstance(place.door, NexoDoor) else None,
                listener=None,
            )
            await self._listen(opened)
            self._open[settings.poi_id] = opened
            return self._stay(place, opened.port)

    async def shut(self, poi_id: str) -> None:
        """Safe to repeat."""
        async with self._one_after_the_other:
            self._shut(poi_id)

    async def shut_all(self) -> None:
        for poi_id in list(self._open):
            await self.shut(poi_id)

    async def catch_up(self) -> None:
        """Shuts and opens as the faults in force want it. Safe to repeat."""
        async with self._one_after_the_other:
            now = self._around.now()
            for known in self._open.values():
                listens = known.place.reader.listens(now=now)
                if listens and known.listener is None:
                    await self._try_again(known)
                elif not listens and known.listener is not None:
                    known.listener.close()
                    known.listener = None

    def _shut(self, poi_id: str) -> None:
        known = self._open.pop(poi_id, None)
        if known is not None and known.listener is not None:
            known.listener.close()

    async def _try_again(self, known: _Open) -> None:
        """Somebody else may have taken the port meanwhile: then the next round tries again."""
        try:
            await self._listen(known)
        except OSError as error:
            _log.warning("%s cannot listen again: %s", known.place.reader.settings.poi_id, error.strerror)

    def _stay(self, place: Place, port: int) -> int:
        """The port is the reader's own from now on, over a restart too."""
        settings = place.reader.settings
        if settings.port != port:
            self._fleet.put(settings.changed({"port": port}))
        return port

    async def _listen(self, opened: _Open) -> None:
        door = opened.place.door
        if opened.context is not None and isinstance(door, NexoDoor):
            opened.listener = await http.listen(door, port=opened.port, context=opened.context, around=self._around)
        elif isinstance(door, CaisseApDoor):
            opened.listener = await tcp.listen(door, port=opened.port, around=self._around)
        if opened.listener is not None:
            opened.port = opened.listener.port
