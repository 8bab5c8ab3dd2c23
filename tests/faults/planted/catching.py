"""Planting a bug into a copy of the product, and running the harness on the copy until it breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from faults.planted.bug import MOST_SEEDS, Bug, Level

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("src", "tests")
STEPS = {Level.PURE: (500, 4_500, 15_000), Level.REAL: (40, 260, 1_700), Level.DESKS: (20, 80, 200)}
"""Most bugs fall within the first few; the sum is what the level may take."""
assert {level: sum(steps) for level, steps in STEPS.items()} == MOST_SEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """How a planted bug ended: within how many seeds it was caught, and by what; `seeds` 0: it was not."""

    bug: Bug
    seeds: int
    by: str


def catch(bug: Bug, *, hands: int = 1) -> Caught:
    """Runs the bug's level on a copy of the project in which it is planted."""
    with _copy() as copy:
        bug.plant(copy / "src")
        first = 0
        for count in STEPS[bug.level]:
            said = _run(copy, bug.level, first=first, count=count, hands=hands)
            if said:
                return Caught(bug=bug, seeds=first + count, by=said)
            first += count
    return Caught(bug=bug, seeds=0, by="")


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        copy.chmod(0o755)
        for name in SOURCES:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        yield copy


def _run(copy: Path, level: Level, *, first: int, count: int, hands: int) -> str:
    """What broke first; "" when nothing did. A harness that cannot even start has caught nothing."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BAWABATI_", "DATABASE_", "PG"))
    }
    if level is Level.DESKS:
        environment |= {"FAULTS_AGENCY": "always"}
    module = "pure" if level is Level.PURE else "real"
    done = subprocess.run(
        [
            *(sys.executable, "-m", f"faults.{module}", "--seeds", str(count), "--first", str(first)),
            *("--hands", str(hands)),
        ],
        cwd=copy,
        env=environment | {"PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy / 'tests'}", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    broken = [line for line in done.stdout.splitlines() if line.startswith("seed ") and " broke " in line]
    if done.returncode and not broken:
        raise RuntimeError(f"the harness did not run: {(done.stderr or done.stdout)[-2000:]}")
    return broken[0] if broken else ""
