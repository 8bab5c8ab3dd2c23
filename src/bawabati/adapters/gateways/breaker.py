"""A circuit breaker: a gateway that has stopped answering is left in peace, and tried once in a while.

It only decides whether a call is worth sending. It knows nothing about payments, so it can never end one.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Breaker:
    """Opens after `failures` calls in a row without an answer; then lets one call through every `rest_seconds`.

    Safe to share between threads. `monotonic` measures the rest, so that a clock that jumps changes nothing; `now` is
    only for telling people since when.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        rest_seconds: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._failures_allowed = failures
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._silent_since: datetime | None = None
        self._try_again_at: float | None = None

    def allows(self) -> bool:
        """Whether a call may go out now. While open, True once for each rest: the caller then is the trial."""
        with self._lock:
            if self._try_again_at is None:
                return True
            if self._monotonic() < self._try_again_at:
                return False
            # A trial that never reports back (its thread was killed) must not shut the gateway out for ever:
            # the next rest starts now, whatever becomes of this trial.
            self._try_again_at = self._monotonic() + self._rest_seconds
            return True

    def answered(self) -> None:
        """A call was answered, whatever the answer said."""
        with self._lock:
            self._failures = 0
            self._silent_since = None
            self._try_again_at = None

    def not_answered(self) -> None:
        """A call got no answer that anybody could read."""
        with self._lock:
            self._failures += 1
            self._silent_since = self._silent_since or self._now()
            if self._failures >= self._failures_allowed:
                self._try_again_at = self._monotonic() + self._rest_seconds

    @property
    def open_since(self) -> datetime | None:
        """When the silence began (UTC), once it has lasted long enough to open; None while calls are sent."""
        with self._lock:
            return None if self._try_again_at is None else self._silent_since
