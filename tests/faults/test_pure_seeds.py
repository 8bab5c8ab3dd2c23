"""The pure level of the fault harness: a slice of its seeds, and those that once broke something."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from faults.pure.hands import run_on, run_seeds
from faults.pure.regressions import kept_seeds
from faults.pure.seeds import play, story_of
from faults.pure.wanted import never_seen

ROOT = Path(__file__).resolve().parents[2]
SLICE = 6_000
STORIES = "from faults.pure.seeds import story_of\nfor seed in range(40): print(*story_of(seed)[1], sep='\\n')"


def test_nothing_breaks_and_everything_has_been_tried() -> None:
    run = run_seeds(0, SLICE)
    assert run.broken == []
    assert never_seen(run.seen, seeds=SLICE) == []


@pytest.mark.parametrize("seed", kept_seeds())
def test_what_once_broke_stays_mended(seed: int) -> None:
    assert play(seed, Counter()) is None


def test_a_seed_is_the_same_story_in_every_process() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", STORIES],
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert told[0]
    assert told[0] == told[1]


def test_two_hands_see_what_one_sees() -> None:
    alone, together = run_seeds(0, 1_500), run_on(2, first=0, count=1_500)
    assert (together.seeds, together.seen, together.broken) == (alone.seeds, alone.seen, alone.broken)


def test_the_command_tells_the_story_of_a_seed_and_its_end() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "faults.pure", "--seed", "0"],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.splitlines()[-1] == "seed 0: every invariant holds"


def test_a_run_that_has_seen_nothing_names_all_that_it_missed() -> None:
    missed = never_seen(Counter(), seeds=SLICE)
    assert {"at_gateway by silent", "ask: timed_out after", "crash at ask, answered"} < set(missed)


def test_telling_the_story_changes_nothing() -> None:
    for seed in range(100):
        silent, told = Counter[str](), Counter[str]()
        play(seed, silent)
        play(seed, told, story=[])
        assert silent == told


def test_a_story_says_when_who_and_what() -> None:
    lines = [line for seed in range(20) for line in story_of(seed)[1]]
    assert any("payer 0" in line and "presses the button" in line for line in lines)
    assert any("portal" in line and "opened → at_gateway, registered" in line for line in lines)
