"""Seeds on several processes at once, each with a database of its own."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue

from faults.real.database import own_database
from faults.real.seen import Outcome

SEEDS_BEFORE_EMPTYING = 25


def run_all(*, first: int, seeds: int, hands: int) -> Iterator[Outcome]:
    """Outcomes as they come. A worker that dies is the end of its seeds, and the count says so."""
    context = get_context("spawn")
    queue: SimpleQueue[Outcome] = context.SimpleQueue()
    processes = [
        context.Process(target=_work, args=(queue, range(first + number, first + seeds, hands)), daemon=True)
        for number in range(hands)
    ]
    for process in processes:
        process.start()
    for _ in range(seeds):
        while queue.empty():
            if not any(process.is_alive() for process in processes) and queue.empty():
                return
            time.sleep(0.01)
        yield queue.get()
    for process in processes:
        process.join()


def end_in_order() -> None:
    """Told to stop, a process ends as if it had come to its end: databases stop with it."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))


def _work(queue: SimpleQueue[Outcome], seeds: range) -> None:
    end_in_order()
    with own_database() as tables:
        from faults.real.run import run_seed  # noqa: PLC0415 - settings first

        for count, seed in enumerate(seeds):
            outcome = run_seed(seed)
            if not outcome.broken:
                outcome.story = ""
            queue.put(outcome)
            if outcome.broken or count % SEEDS_BEFORE_EMPTYING == 0:
                tables.empty()
