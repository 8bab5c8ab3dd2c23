"""The list of planted bugs stays true to the product's files; `python -m faults.planted` runs all of them."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from faults.planted import bugs
from faults.planted.bug import Bug
from faults.planted.catching import ROOT, catch

AT_LEAST = 30


def test_there_are_enough_of_them_and_no_two_have_one_name() -> None:
    assert len(bugs.ALL) >= AT_LEAST
    assert Counter(bug.name for bug in bugs.ALL).most_common(1)[0][1] == 1


@pytest.mark.parametrize("bug", bugs.ALL, ids=lambda bug: bug.name)
def test_each_can_be_planted_and_leaves_python_behind(bug: Bug, tmp_path: Path) -> None:
    place = tmp_path / "bawabati" / bug.file
    place.parent.mkdir(parents=True)
    shutil.copy(ROOT / "src" / "bawabati" / bug.file, place)
    bug.plant(tmp_path)
    compile(place.read_text(), str(place), "exec")


def test_one_of_them_is_caught_here_and_now() -> None:
    caught = catch(next(bug for bug in bugs.ALL if bug.name == "a time-out is a decline"))
    assert caught.seeds, "nothing noticed it"
