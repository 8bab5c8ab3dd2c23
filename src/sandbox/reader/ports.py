"""Opens a port for each reader, and shuts it while a fault wants nobody to listen."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.reader.caisse_ap import tcp
from sandbox.reader.certificates import Authority
from sandbox.reader.fleet import Fleet, Place
from sandbox.reader.nexo import http
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.waiting import Waiting


@dataclass(slots=True, kw_only=True)
class _Open:
    place: Place
    port: int
    name_on_certificate: str
    context: ssl.SSLContext | None
    server: asyncio.Server | None


class Ports:
    """The readers' side of the network. One loop."""

    def __init__(self, *, fleet: Fleet, authority: Authority, host: str, now: Callable[[], float]) -> None:
        self._fleet = fleet
        self._authority = authority
        self._host = host
        self._now = now
        self._open: dict[str, _Open] = {}
        self._waiting = Waiting()
        fleet.when_over = self._waiting.tell

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
        settings = place.reader.settings
        known = self._open.get(settings.poi_id)
        if known is not None:
            same = (known.place, known.name_on_certificate) == (place, settings.name_on_certificate)
            if same and settings.port in {0, known.port}:
                return self._stay(place, known.port)
            await self.shut(settings.poi_id)
        context = self._authority.server_context(settings.name_on_certificate) if _speaks_tls(place) else None
        opened = _Open(
            place=place,
            port=settings.port,
            name_on_certificate=settings.name_on_certificate,
            context=context,
            server=None,
        )
        await self._listen(opened)
        self._open[settings.poi_id] = opened
        return self._stay(place, opened.port)

    async def shut(self, poi_id: str) -> None:
        """Safe to repeat."""
        known = self._open.pop(poi_id, None)
        if known is not None and known.server is not None:
            known.server.close()

    async def shut_all(self) -> None:
        for poi_id in list(self._open):
            await self.shut(poi_id)

    async def catch_up(self) -> None:
        """Shuts and opens as the faults in force want it. Safe to repeat."""
        now = self._now()
        for known in list(self._open.values()):
            listens = known.place.reader.listens(now=now)
            if listens and known.server is None:
                await self._listen(known)
            elif not listens and known.server is not None:
                known.server.close()
                known.server = None

    def _stay(self, place: Place, port: int) -> int:
        """The port is the reader's own from now on, over a restart too."""
        settings = place.reader.settings
        if settings.port != port:
            self._fleet.put(settings.changed({"port": port}))
        return port

    async def _listen(self, opened: _Open) -> None:
        place = opened.place
        if isinstance(place.door, NexoDoor) and opened.context is not None:
            opened.server = await http.listen(
                place.door,
                host=self._host,
                port=opened.port,
                context=opened.context,
                waiting=self._waiting,
                now=self._now,
            )
        elif not isinstance(place.door, NexoDoor):
            opened.server = await tcp.listen(
                place.door, host=self._host, port=opened.port, waiting=self._waiting, now=self._now
            )
        if opened.server is not None:
            opened.port = opened.server.sockets[0].getsockname()[1]


def _speaks_tls(place: Place) -> bool:
    return isinstance(place.door, NexoDoor)
