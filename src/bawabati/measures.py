"""What the processes count while they work, for whoever watches them. No label is anybody's secret.

Each process of `serve` and `worker` counts in files of its own folder (config/measuring.py); whoever is asked adds
them all up. A process that nobody told where (a command, a test) counts in its memory alone.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Counter(
    "bawabati_http_requests", "Requests answered.", ["route", "method", "status"], registry=REGISTRY
)
REQUEST_SECONDS: Final = Histogram(
    "bawabati_http_request_seconds",
    "Time from the request to its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30),
    registry=REGISTRY,
)
JOURNAL_FAILURES: Final = Counter(
    "bawabati_order_journal_failures", "Orders that could not be written into the journal.", registry=REGISTRY
)
SECURITY_EVENTS: Final = Counter(
    "bawabati_security_events", "What somebody should know of, by kind.", ["kind"], registry=REGISTRY
)


def exposition() -> bytes:
    """Everything that was counted on this machine, as Prometheus reads it."""
    own = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if own is None:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    together.register(_OfAllProcesses(Path(own).parent))
    return generate_latest(together)


class _OfAllProcesses(Collector):
    """The files of every program of this machine, added up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        files = [str(file) for file in sorted(self._folder.glob("*/*.db"))]
        return list(MultiProcessCollector.merge(files, accumulate=True))  # type: ignore[no-untyped-call]
