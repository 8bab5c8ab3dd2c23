"""The files with which a run begins are there: one that was renamed would keep everybody waiting at the end."""

from house.source import ROOT
from long_files import BEGIN_WITH


def test_the_files_that_a_run_begins_with_are_there() -> None:
    assert [name for name in BEGIN_WITH if not (ROOT / "tests" / name).is_file()] == []
