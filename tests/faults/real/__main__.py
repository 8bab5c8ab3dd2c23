"""`python -m faults.real --seeds 10000` runs seeds on real PostgreSQL; `--seed 17` runs one and tells its story.

Exits with 1 when something was broken, or when something that must be seen sometimes never was.
"""

from __future__ import annotations

import argparse
import sys
import time

from faults.real.database import own_database
from faults.real.on_hands import end_in_order, run_all
from faults.real.regressions import keep
from faults.real.seen import Outcome, Seen

ENOUGH_TO_HAVE_SEEN_ALL = 5000
SHOWN_AT_MOST = 3


def main() -> int:
    options = _read_arguments()
    end_in_order()
    if options.seed is not None:
        return _tell_one(options.seed)
    began = time.monotonic()
    count, broken, seen = 0, list[Outcome](), Seen()
    for outcome in run_all(first=options.first, seeds=options.seeds, hands=options.hands):
        count += 1
        if outcome.broken:
            broken.append(outcome)
            if len(broken) <= SHOWN_AT_MOST:
                _say(f"\n{outcome.story}")
            what = outcome.broken[0].splitlines()[0]
            _say(f"seed {outcome.seed} broke {what}   (python -m faults.real --seed {outcome.seed})")
            if options.keep:
                keep(outcome.seed, because=outcome.broken[0])
        seen.add(outcome.seen)
        if count % 500 == 0:
            _say_how_far(count, len(broken), began)
    _say_how_far(count, len(broken), began)
    if options.counters:
        _say(seen.shown())
    never = seen.never() if count >= ENOUGH_TO_HAVE_SEEN_ALL else []
    for what in never:
        _say(f"never seen: {what}")
    return 1 if broken or never or count < options.seeds else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _say_how_far(count: int, broken: int, began: float) -> None:
    minutes = (time.monotonic() - began) / 60
    _say(f"{count} seeds, {broken} broken, {count / max(minutes, 1e-9):.0f} a minute")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults.real", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--hands", type=int, default=2, help="processes, each with a database of its own")
    parser.add_argument("--seed", type=int, help="run only this one, and tell its story")
    parser.add_argument("--keep", action="store_true", help="write what breaks into regressions.txt")
    parser.add_argument("--counters", action="store_true", help="show how often everything was seen")
    return parser.parse_args()


def _tell_one(seed: int) -> int:
    with own_database():
        from faults.real.run import run_seed  # noqa: PLC0415 - settings first

        outcome = run_seed(seed)
    _say(outcome.story)
    _say("\n".join(outcome.broken) or "Nothing is broken.")
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
