"""Whose turn it is: a clock of the world, another of the portal that may jump, and processes that may die anywhere.

A process is a generator. It yields a number to sleep for so many seconds (people), a `Waiting` to wait inside the
portal, or the name of a place: a boundary between two side effects, where it may be paused or crash, alone or with
the whole machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, NamedTuple

from bawabati.payments.rules import FINAL, FINAL_REFUND, Schedule
from faults.pure.outside import Outside
from faults.pure.plan import DAY, HOUR, Plan, draw
from faults.pure.store import Bill, Payment, Store
from faults.pure.violations import Violation

EPOCH = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SCHEDULE = Schedule()
STEPS_AT_MOST = 10_000
CONVERGES_WITHIN = 6 * DAY
"""After everything healed. A clock that was a day ahead keeps its questions for a day more."""
NOBODY = -1


class Waiting(NamedTuple):
    """The portal waits; a crash of the machine ends it."""

    seconds: int


class SimulatedCrash(BaseException):
    """The process is dead: nothing of it goes on, no `except Exception` sees it."""


Process = Generator[Any, None, Any]


class World:
    """One seed."""

    __slots__ = (
        *("boot", "count", "crash_rate", "dice", "healed", "heap", "outside", "pause_rate", "plan", "random"),
        *("seed", "seen", "settled_at", "skew", "store", "story", "t"),
    )

    def __init__(self, seed: int, seen: Counter[str], *, story: list[str] | None = None) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.dice: Callable[[], float] = self.random.random
        self.plan: Plan = draw(self.random)
        self.seen = seen
        self.story = story
        self.t = 0
        self.skew = 0
        self.boot = 0
        self.count = 0
        self.healed = False
        self.heap: list[tuple[int, int, int, Any]] = []
        self.crash_rate = self.plan.crash_rate
        self.pause_rate = self.plan.pause_rate
        self.outside = Outside(self.plan)
        dues = self.random.choices((1_430_50, 980_00, 12_000_00, 75_25, 30_000_00, 49_980_00), k=self.plan.bills)
        self.store = Store([Bill(id=n, due=due) for n, due in enumerate(dues)], SCHEDULE, allows_parts=seed % 2 == 0)
        self.settled_at: dict[int, int] = {}

    def now(self) -> datetime:
        """The portal's clock."""
        return EPOCH + timedelta(seconds=self.t + self.skew)

    def world_time(self, at: datetime) -> int:
        """When the portal's clock shows `at`."""
        return int((at - EPOCH).total_seconds()) - self.skew

    def tell(self, who: str, what: str) -> None:
        """One line of the story, while one is told."""
        if self.story is not None:
            at = timedelta(seconds=self.t)
            clock = f"  [our clock {self.now():%d %H:%M:%S}]" if self.skew else ""
            self.story.append(f"{at!s:>17}  {who:<16} {what}{clock}")

    def happens(self, rate: float) -> bool:
        """Whether something of that rate happens now; nothing is drawn for what never happens."""
        return rate > 0 and not self.healed and self.dice() < rate

    def begin(self, process: Process, *, after: int = 0) -> None:
        """A new process, now or later."""
        self._push(self.t + after, NOBODY, process)

    def at(self, t: int, do: Callable[[], None]) -> None:
        """Does something at that time of the world."""
        self._push(t, NOBODY, do)

    def wake(self, payment: Payment, t: int) -> None:
        """Lets the sweeper look at a payment then."""
        t = max(t, self.t)
        if t not in payment.wakes:
            payment.wakes.add(t)
            self._push(t, NOBODY, payment)

    def _push(self, t: int, boot: int, what: object) -> None:
        self.count += 1
        heappush(self.heap, (t, self.count, boot, what))

    def is_quiet(self) -> bool:
        """Whether everything has healed and ended, and no card will be debited any more."""
        open_orders = (order for order in self.outside.by_number.values() if order.authorises_at >= self.t)
        ended = all(payment.state in FINAL for payment in self.store.payments)
        given = all(refund.state in FINAL_REFUND for refund in self.store.refunds)
        return self.healed and ended and given and not any(open_orders)

    def run(self, sweep: Callable[[Payment], None]) -> None:
        """Runs until nothing is left to happen."""
        self.at(self.plan.heals_at, self._heal)
        for at, by in self.plan.jumps:
            self.at(at, lambda by=by: self._jump(by))  # type: ignore[misc]
        ends = self.plan.heals_at + CONVERGES_WITHIN
        heap = self.heap
        for _ in range(STEPS_AT_MOST):
            if not heap:
                return
            self.t, _, boot, what = heappop(heap)
            if self.t > ends:
                raise Violation("I10", f"not at rest {CONVERGES_WITHIN // HOUR} hours after everything healed")
            if type(what) is Payment:
                what.wakes.discard(self.t)
                sweep(what)
            elif callable(what):
                what()
            else:
                self._step(what, boot)
        raise Violation("I10", f"not at rest after {STEPS_AT_MOST} steps")

    def _step(self, process: Process, boot: int) -> None:
        """Lets a process go on until it waits, ends or dies."""
        try:
            is_dead = boot not in {NOBODY, self.boot}
            yielded = process.throw(SimulatedCrash) if is_dead else process.send(None)
            while True:
                if type(yielded) is int:
                    self._push(self.t + yielded, NOBODY, process)
                    return
                if type(yielded) is Waiting:
                    self._push(self.t + yielded.seconds, self.boot, process)
                    return
                if self.crash_rate and self.dice() < self.crash_rate:
                    yielded = self._crash(process, yielded)
                    continue
                if self.pause_rate and self.dice() < self.pause_rate:
                    self.seen["paused"] += 1
                    seconds = 1 + int(self.dice() ** 3 * 900)
                    self.tell("machine", f"the process stands still for {seconds} s at: {yielded}")
                    self._push(self.t + seconds, self.boot, process)
                    return
                yielded = process.send(None)
        except StopIteration:
            return
        except SimulatedCrash:
            return

    def _crash(self, process: Process, place: str) -> object:
        self.seen[f"crash at {place}"] += 1
        if self.plan.machine_rate and self.dice() < self.plan.machine_rate:
            self.seen["the whole machine crashed"] += 1
            self.boot += 1
            self.tell("machine", f"everything dies, at: {place}")
        else:
            self.tell("machine", f"a process dies at: {place}")
        return process.throw(SimulatedCrash)

    def _heal(self) -> None:
        self.healed = True
        self.crash_rate = self.pause_rate = 0.0
        self.tell("world", "from now on nothing goes wrong")

    def _jump(self, by: int) -> None:
        self.skew += by
        self.seen["our clock jumped ahead" if by > 0 else "our clock jumped back"] += 1
        self.tell("machine", f"our clock jumps by {by // DAY:+d} day")
        for payment in self.store.payments:
            if payment.state not in FINAL and payment.next_ask_at is not None:
                self.wake(payment, self.world_time(payment.next_ask_at))
