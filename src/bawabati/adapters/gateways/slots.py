"""How many calls to one gateway may be under way at once.

A gateway that becomes slow would otherwise take every thread of the portal, and with them the look-ups that need no
gateway at all.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """A fixed number of places. Safe to share between threads."""

    def __init__(self, count: int) -> None:
        self._places = threading.BoundedSemaphore(count)
        self._mine = threading.local()

    @contextmanager
    def take(self, *, wait_seconds: float = 0.0) -> Iterator[bool]:
        """Yields whether a place was had; it is given back at the end.

        A thread that already has a place shares it, so that a caller may reserve one before it decides to call.
        """
        if getattr(self._mine, "taken", False):
            yield True
            return
        taken = self._places.acquire(timeout=wait_seconds)
        self._mine.taken = taken
        try:
            yield taken
        finally:
            self._mine.taken = False
            if taken:
                self._places.release()

    def any_free(self) -> bool:
        """Whether a place is free at this moment. Only a hint: somebody else may take it before you do."""
        with self.take() as taken:
            return taken
