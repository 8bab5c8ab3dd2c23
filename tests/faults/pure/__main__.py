"""The command: many seeds, or the story of one."""

from __future__ import annotations

import argparse
import sys
from os import cpu_count

from faults.pure.hands import Run, run_on
from faults.pure.regressions import keep
from faults.pure.seeds import story_of
from faults.pure.wanted import never_seen

TELL_EVERY = 20_000
MEANT_FOR_ALL = 20_000
"""Fewer seeds than this may miss something; then it is not held against them."""


def main() -> int:
    """The command's exit code: 1 when something broke, or was never seen."""
    chosen = _arguments()
    if chosen.seed is not None:
        violation, story = story_of(chosen.seed)
        _say("\n".join(story))
        _say(f"\nseed {chosen.seed}: {violation or 'every invariant holds'}")
        return 1 if violation else 0
    run = run_on(chosen.hands, first=chosen.first, count=chosen.seeds, tell=_progress, tell_broken=_broken)
    missed = never_seen(run.seen, seeds=run.seeds) if run.seeds >= MEANT_FOR_ALL else []
    _report(run, missed)
    if chosen.keep:
        for seed, what in run.broken:
            keep(seed, what)
    return 1 if run.broken or missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults.pure", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--hands", type=int, default=cpu_count() or 1, help="processes (one for each processor)")
    parser.add_argument("--seed", type=int, help="tells the story of this one and does nothing else")
    parser.add_argument("--keep", action="store_true", help="writes what breaks into regressions.txt")
    return parser.parse_args()


def _progress(run: Run) -> None:
    if run.seeds % TELL_EVERY == 0:
        _say(f"{run.seeds} seeds, {run.per_minute} a minute, {len(run.broken)} broken")


def _broken(seed: int, what: str) -> None:
    _say(f"seed {seed} broke {what}   (python -m faults.pure --seed {seed})")


def _report(run: Run, missed: list[str]) -> None:
    for name, count in sorted(run.seen.items()):
        _say(f"{count:>12}  {name}")
    for name in missed:
        _say(f"never seen: {name}")
    _say(f"{run.seeds} seeds in {run.seconds:.0f} s, {run.per_minute} a minute; {len(run.broken)} broken")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
