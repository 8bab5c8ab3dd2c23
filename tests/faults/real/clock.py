"""Time that passes only when the harness lets it, and a portal whose own clock may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """`true` is what the outside world goes by, in epoch seconds; `now()` is what the portal's clock says."""

    def __init__(self, *, starts_at: datetime) -> None:
        self.started = self.true = starts_at.timestamp()
        self.error_seconds = 0.0
        self.has_jumped = False

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.true + self.error_seconds, tz=UTC)

    def true_now(self) -> datetime:
        """What the clocks of others say."""
        return datetime.fromtimestamp(self.true, tz=UTC)

    def monotonic(self) -> float:
        """What measures rests: no jump of a clock changes it."""
        return self.true

    def let_pass(self, seconds: float) -> None:
        self.true += max(0.0, seconds)

    def let_pass_until(self, moment: datetime) -> None:
        """Until the portal's clock says so; at once when it does already."""
        self.let_pass((moment - self.now()).total_seconds())

    def jump(self, seconds: float) -> None:
        """The portal's clock is set, rightly or wrongly."""
        self.error_seconds += seconds
        self.has_jumped = True
