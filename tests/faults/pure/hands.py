"""Many seeds: in this process, or on several processors."""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from faults.pure.seeds import play

PORTION = 1000
KEPT_AT_MOST = 100
NO_FURTHER_THAN = 50
"""Broken seeds after which a run stops: more of the same tells nothing."""


@dataclass(slots=True)
class Run:
    """What many seeds have shown."""

    seeds: int = 0
    seconds: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)

    @property
    def per_minute(self) -> int:
        """Seeds a minute, by the clock on the wall."""
        return round(self.seeds / self.seconds * 60) if self.seconds else 0


def run_seeds(first: int, count: int, *, stops_at: int = NO_FURTHER_THAN) -> Run:
    """Plays `count` seeds from `first` in this process, until so many are broken."""
    run, began = Run(), perf_counter()
    with _tidying_by_hand() as tidy:
        for seed in range(first, first + count):
            violation = play(seed, run.seen)
            run.seeds += 1
            if violation is not None:
                run.broken.append((seed, str(violation)))
                if len(run.broken) >= stops_at:
                    break
            if run.seeds % PORTION == 0:
                tidy()
    run.seconds = perf_counter() - began
    return run


def run_on(
    hands: int,
    *,
    first: int,
    count: int,
    tell: Callable[[Run], None] = lambda _run: None,
    tell_broken: Callable[[int, str], None] = lambda _seed, _what: None,
) -> Run:
    """The same on several processors. `tell` hears of it after each portion, `tell_broken` of each broken seed."""
    run, began = Run(), perf_counter()
    portions = [(at, min(PORTION, first + count - at)) for at in range(first, first + count, PORTION)]
    with multiprocessing.get_context("spawn").Pool(hands) as pool:
        for part in pool.imap_unordered(_run_portion, portions):
            run.seeds += part.seeds
            run.seen.update(part.seen)
            for seed, what in part.broken:
                tell_broken(seed, what)
            run.broken = sorted(run.broken + part.broken)[:KEPT_AT_MOST]
            run.seconds = perf_counter() - began
            tell(run)
            if len(run.broken) >= NO_FURTHER_THAN:
                pool.terminate()
                break
    return run


def _run_portion(portion: tuple[int, int]) -> Run:
    first, count = portion
    return run_seeds(first, count)


@contextmanager
def _tidying_by_hand() -> Iterator[Callable[[], object]]:
    """Every world is a knot of references; untying them after each portion costs less than looking all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield gc.collect
    finally:
        if was_on:
            gc.enable()
