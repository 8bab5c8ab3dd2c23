"""What time it is in the sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """The sandbox's own time: the computer's, plus a shift that a test or a demonstration may set.

    Moments are seconds since the epoch (UTC) as floats, as `time.time` gives them. The core is always told `now`; only
    the doors (pages, calls, the ticker) read this clock.
    """

    def __init__(self, *, source: Callable[[], float] = time.time, shift_seconds: float = 0.0) -> None:
        self._source = source
        self.shift_seconds = shift_seconds

    def now(self) -> float:
        return self._source() + self.shift_seconds

    def advance(self, *, seconds: float) -> None:
        """Moves the sandbox's time, forwards or backwards."""
        self.shift_seconds += seconds

    def set_to(self, *, moment: float) -> None:
        """Makes `moment` the present; time goes on from there."""
        self.shift_seconds = moment - self._source()
