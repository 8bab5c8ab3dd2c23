"""Machines that wait until there is something to do: many of them cost one look at the database, four times a second.

A place here is a thread of this process, so there are not many; who finds none is answered at once and comes again.
Whoever waits holds no connection. Rule: waiting-holds-nothing (behaviour.md 6)
"""

from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from time import monotonic, sleep

from django.db import connection

from bawabati.scope import every_company

LOOK_EVERY_SECONDS = 0.25


class WaitingRoom:
    """`look`: the numbers of those for whom something waits now. Safe to share between threads."""

    def __init__(self, *, places: int, look: Callable[[], frozenset[int]]) -> None:
        self._places = BoundedSemaphore(places)
        self._look = look
        self._lock = Lock()
        self._seen: frozenset[int] = frozenset()
        self._seen_at = float("-inf")

    def wait_for(self, number: int, *, seconds: float) -> None:
        """Returns when something waits for `number`, when the time is over, or at once when every place is taken."""
        if seconds <= 0 or not self._places.acquire(blocking=False):
            return
        try:
            until = monotonic() + seconds
            while number not in self._now() and monotonic() < until:
                sleep(LOOK_EVERY_SECONDS)
        finally:
            self._places.release()

    def _now(self) -> frozenset[int]:
        """What one of those who wait has seen a moment ago, for all of them."""
        with self._lock:
            if monotonic() - self._seen_at >= LOOK_EVERY_SECONDS:
                with every_company("one look for the bridges of all who wait"):
                    self._seen = self._look()
                self._seen_at = monotonic()
                connection.close()
            return self._seen
