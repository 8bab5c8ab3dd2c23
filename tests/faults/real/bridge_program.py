"""An agency's bridge, the real one, as a program that may die: its journal is on a disk, all the rest of it is not.

What it asks of the portal lies on a wire until the harness carries it there, or loses it on the way there or back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from agency_bridge import backoff
from agency_bridge import bridge as bridge_module
from agency_bridge.bridge import Bridge
from agency_bridge.crashpoints import dying_at
from agency_bridge.drivers.caisse_ap import driver as caisse_ap
from agency_bridge.drivers.contract import Driver, Patience, Reader
from agency_bridge.drivers.nexo.driver import Nexo
from agency_bridge.drivers.registry import driver_for
from agency_bridge.journal.journal import Journal
from agency_bridge.portal.client import Answer, NoAnswer, Portal
from agency_bridge.settings import Settings
from faults.real.clock import Clock
from faults.real.reader_lines import NexoLine, ReaderLines, exchange_caisse_ap
from faults.real.virtual_loop import VirtualLoop

NO_WAITING_AT_THE_PORTAL = Settings(portal_wait_seconds=0.001)


logging.getLogger("agency_bridge").setLevel(logging.CRITICAL)


class BridgeDied(SystemExit):
    """The bridge's process is gone: nothing in it may catch this."""


@dataclass(eq=False)
class Request:
    """Something that a bridge asks of the portal, on its way."""

    method: str
    path: str
    body: Mapping[str, Any]
    answer: asyncio.Future[Answer] = field(repr=False)


class PortalWire(Portal):
    """The bridge's own line to the portal; only what it sends does not leave the process."""

    def __init__(self) -> None:
        self._settings = NO_WAITING_AT_THE_PORTAL
        self.requests: list[Request] = []

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, more_seconds: float = 0.0
    ) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        request = Request(method, path, body or {}, answer)
        self.requests.append(request)
        try:
            async with asyncio.timeout(self._settings.portal_read_seconds + more_seconds):
                return await answer
        except TimeoutError:
            return NoAnswer(why="TimeoutError")

    def take(self, request: Request) -> None:
        """It is on its way; the bridge may have given it up meanwhile."""
        self.requests.remove(request)

    @staticmethod
    def deliver(request: Request, answer: Answer) -> None:
        if not request.answer.done() and not request.answer.get_loop().is_closed():
            request.answer.set_result(answer)


class BridgeProgram:
    """The bridge of one agency."""

    def __init__(self, *, folder: Path, clock: Clock, lines: ReaderLines, dies_at: Callable[[str], bool]) -> None:
        self._dies_at = dies_at
        self.died_at = ""
        """Where it died the last time; the harness empties it."""
        self._folder = folder
        self._clock = clock
        self._lines = lines
        self._loop: VirtualLoop | None = None
        self._journal: Journal | None = None
        self._main: asyncio.Task[None] | None = None
        self.wire = PortalWire()
        self.bridge: Bridge | None = None

    @property
    def is_alive(self) -> bool:
        return self._loop is not None

    def start(self) -> None:
        """Safe to repeat."""
        if self._loop is not None:
            return
        self.wire = PortalWire()
        self._loop = VirtualLoop(lambda: self._clock.true)
        with _on_any_thread():
            self._journal = Journal(self._folder)
        self.bridge = Bridge(
            settings=NO_WAITING_AT_THE_PORTAL, journal=self._journal, portal=self.wire, now=self._clock.true_now
        )
        self._main = self._loop.create_task(self.bridge.run(asyncio.Event()))

    def go(self) -> bool:
        """Does what it can do now. False when it died of it, or is dead."""
        if self._loop is None:
            return False
        try:
            with _among(self._lines, self._loop, self._clock), dying_at(self._at_boundary):
                self._loop.go()
        except BridgeDied as death:
            self.died_at = str(death)
            self.die()
            return False
        if self._main is not None and self._main.done():
            self._main.result()
        return True

    def _at_boundary(self, name: str) -> None:
        if self._dies_at(f"bridge: {name}"):
            raise BridgeDied(f"bridge: {name}")

    def die(self) -> None:
        """Safe to repeat. What was not on its disk is gone, and its connections are."""
        if self._loop is None or self._journal is None:
            return
        self._journal.close()
        self._loop.forget()
        self._loop = self._journal = self._main = self.bridge = None
        self.wire = PortalWire()

    def lose_the_disk(self) -> None:
        """Another disk is put in: who it is was written down elsewhere, what it has done was not."""
        self.die()
        for file in self._folder.glob("journal*"):
            file.unlink()

    def waits(self) -> bool:
        """Whether the portal has yet to acknowledge a result."""
        return self._journal is not None and bool(self._journal.orders.results_waiting())

    def wakes_at(self) -> float | None:
        """When it goes on by itself."""
        return self._loop.wakes_at() if self._loop is not None else None


@contextlib.contextmanager
def _on_any_thread() -> Iterator[None]:
    """The harness lets somebody move beside an open transaction, on a thread of its own; never two at once."""
    connect = sqlite3.connect
    sqlite3.connect = partial(connect, check_same_thread=False)  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect


@contextlib.contextmanager
def _among(lines: ReaderLines, loop: VirtualLoop, clock: Clock) -> Iterator[None]:
    """The bridge's own modules, with the harness's time and lines in place of those of the machine."""

    def driver(reader: Reader, patience: Patience) -> Driver:
        made = driver_for(reader, patience)
        if isinstance(made, Nexo):
            made._line = NexoLine(lines, reader.poi_id)  # type: ignore[assignment]
            made._now = clock.true_now
        return made

    async def exchange(content: bytes, *, host: str, port: int, connect_seconds: float, seconds: float) -> Any:  # noqa: ANN401
        del port, connect_seconds
        return await exchange_caisse_ap(lines, host, content, seconds=seconds)

    changed: tuple[tuple[Any, str, object], ...] = (
        (bridge_module, "driver_for", driver),
        (bridge_module, "time", SimpleNamespace(monotonic=loop.time)),
        (backoff, "random", SimpleNamespace(uniform=lambda _least, most: most)),
        (caisse_ap, "exchange", exchange),
        (caisse_ap, "utc_now", clock.true_now),
    )
    before = [(module, name, getattr(module, name)) for module, name, _ in changed]
    for module, name, value in changed:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
