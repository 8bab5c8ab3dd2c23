"""Processor time of running programs, as Linux counts it for whole trees of processes."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _CHILDREN_SYSTEM = 1, 11, 14
"""Places in /proc/<pid>/stat, counted after the program's name."""


def cpu_seconds(root: int) -> float:
    """User and system time of the process `root`, of all its descendants, and of those that have ended."""
    stats = _read_stats()
    return (
        sum(sum(map(int, stats[one][_USER : _CHILDREN_SYSTEM + 1])) for one in _tree(root, stats)) / _TICKS_PER_SECOND
    )


def cpu_clock(pids: Iterable[int]) -> float:
    """Seconds of these processes to the microsecond. Those that have ended meanwhile no longer count."""
    seconds = 0.0
    for pid in pids:
        with suppress(OSError):
            seconds += time.clock_gettime(~pid << 3 | 2)  # the kernel's number for that process's own clock
    return seconds


def tree_of(root: int) -> list[int]:
    """The process and all its descendants."""
    return _tree(root, _read_stats())


def _tree(root: int, stats: dict[int, list[str]]) -> list[int]:
    children = defaultdict(list)
    for pid, fields in stats.items():
        children[int(fields[_PARENT])].append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def _read_stats() -> dict[int, list[str]]:
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            stats[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
    return stats
