"""Waiting longer after each failure, so that a portal that comes back is not run over."""

import random


class Backoff:
    """Seconds to wait: `first`, then twice as long each time, up to `most`, each a little blurred."""

    def __init__(self, *, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._next = first

    def failed(self) -> float:
        """How long to wait now."""
        seconds, self._next = self._next, min(self._next * 2, self._most)
        return seconds * random.uniform(0.8, 1.2)  # noqa: S311 - spreads bridges, guards nothing

    def worked(self) -> None:
        self._next = self._first
