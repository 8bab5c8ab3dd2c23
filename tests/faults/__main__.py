"""`python -m faults --seeds 10000`: both levels; for each seed on PostgreSQL a hundred in the model.

Seeds that break something are kept, and replayed by the tests from then on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

IN_THE_MODEL_FOR_EACH_REAL_ONE = 100


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="on real PostgreSQL (1000)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    chosen = parser.parse_args()
    pure, real = (
        subprocess.run(
            [
                *(sys.executable, "-m", f"faults.{level}", "--keep"),
                *("--first", str(chosen.first * factor), "--seeds", str(chosen.seeds * factor)),
            ],
            check=False,
        ).returncode
        for level, factor in (("pure", IN_THE_MODEL_FOR_EACH_REAL_ONE), ("real", 1))
    )
    return pure or real


if __name__ == "__main__":
    sys.exit(main())
