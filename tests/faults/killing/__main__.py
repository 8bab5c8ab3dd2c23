"""`python -m faults.killing`: kills the programs of the whole street while people pay, and compares afterwards.

    PYTHONPATH=src:tests python -m faults.killing --kills 500 --database-crashes 5

Ends with 1 when anything is not as it must be.
"""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
from pathlib import Path

from faults.killing.machine import Plan, run
from faults.killing.street import STEADY


def main() -> int:
    faulthandler.register(signal.SIGUSR1)  # a run that stands still says where
    parser = argparse.ArgumentParser(prog="python -m faults.killing", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database-crashes", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--payers", type=int, default=10, help="paying at once")
    parser.add_argument("--state", type=Path, help="a folder to keep, with logs and data, for looking at afterwards")
    wishes = parser.parse_args()
    plan = Plan(
        seed=wishes.seed,
        kills=wishes.kills,
        database_crashes=wishes.database_crashes,
        pace=STEADY,
        bills=max(2_000, 40 * wishes.kills),
        payers=wishes.payers,
        thinks_seconds=0.25,
        between_kills_seconds=(0.2, 3.2),
        down_seconds=(0.0, 0.8),
    )
    report = run(plan, say=lambda words: print(words, flush=True), state=wishes.state)  # noqa: T201
    print(report)  # noqa: T201
    return bool(report.violations)


if __name__ == "__main__":
    sys.exit(main())
