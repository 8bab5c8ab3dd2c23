"""An event loop whose time is the harness's: it does what can be done now, and never waits."""

from __future__ import annotations

import asyncio
import logging
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class VirtualLoop(asyncio.SelectorEventLoop):
    """One program's loop. `go` lets it run until everything it has to do lies in the future."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock_of_all = clock
        self._clock_resolution = 1e-5  # what the numbers of these years can tell apart
        self.set_exception_handler(lambda _loop, _context: None)

    def time(self) -> float:
        return self._clock_of_all()

    def go(self) -> None:
        """Until nothing is ready. Raises what a death raises."""
        if self.is_running() or self.is_closed():
            return
        self._one_round()
        while self._has_something():
            self._one_round()

    def wakes_at(self) -> float | None:
        """When the next of its timers is due; None when there is none."""
        timers = [timer.when() for timer in self._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
        return min(timers, default=None)

    def forget(self) -> None:
        """As a process is gone: nothing of it runs any more, not even what was to run at its end."""
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            _GONE.append(task)
        self.close()

    def _one_round(self) -> None:
        self.call_soon(self.stop)
        with _no_other_loop():
            self.run_forever()

    def _has_something(self) -> bool:
        at = self.wakes_at()
        return bool(self._ready) or (at is not None and at <= self.time())  # type: ignore[attr-defined]


@contextmanager
def _no_other_loop() -> Iterator[None]:
    """A browser of other tests keeps a loop running in this thread; asyncio lets none run inside another."""
    outer = _get_running_loop()
    _set_running_loop(None)
    try:
        yield
    finally:
        _set_running_loop(outer)


_GONE: list[asyncio.Task[object]] = []
"""Kept, because Python runs the ends of what it throws away."""

logging.getLogger("asyncio").setLevel(logging.CRITICAL)
