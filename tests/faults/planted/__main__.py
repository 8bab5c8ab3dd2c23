"""The command: plants each bug, and exits 1 when one was not caught by the level that covers it."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

from faults.planted import bugs
from faults.planted.catching import Caught, catch


def main() -> int:
    """The command's exit code."""
    parser = argparse.ArgumentParser(prog="python -m faults.planted", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these (all)")
    parser.add_argument("--level", help="only the bugs of this level: pure or real")
    parser.add_argument("--hands", type=int, default=cpu_count() or 1, help="bugs at once (one for each processor)")
    chosen = parser.parse_args()
    planted = [
        bug
        for bug in bugs.ALL
        if (not chosen.names or bug.name in chosen.names) and chosen.level in {None, bug.level.value}
    ]
    with ThreadPoolExecutor(max_workers=chosen.hands) as hands:
        caught = list(hands.map(_catch_and_tell, planted))
    survivors = [one.bug.name for one in caught if not one.seeds]
    _say(f"{len(caught) - len(survivors)} of {len(caught)} planted bugs were caught")
    for name in survivors:
        _say(f"not caught: {name}")
    return 1 if survivors or not caught else 0


def _catch_and_tell(bug: bugs.Bug) -> Caught:
    one = catch(bug)
    _say(f"{bug.level:>5} {bug.name}: {f'within {one.seeds} seeds, {one.by}' if one.seeds else 'NOT CAUGHT'}")
    return one


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
