"""A port that somebody listens at, and the connections that were made there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from sandbox.reader.waiting import Waiting


class Line(Protocol):
    """One connection."""

    def abort(self) -> None:
        """Ends it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a port needs to know of the rest."""

    host: str
    now: Callable[[], float]
    waiting: Waiting
    catch_up: Callable[[], Awaitable[None]]
    """Opens and shuts ports as the faults in force want it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One open port."""

    server: asyncio.Server
    lines: Callable[[], Iterable[Line]]

    @property
    def port(self) -> int:
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        """As when the cable is pulled out: no new connection, and none of the old ones lives on."""
        self.server.close()
        for line in list(self.lines()):
            line.abort()
