"""The docs say of the states what the table says."""

from bawabati.jobs.states_page import states_page
from house.source import ROOT


def test_the_states_page_is_the_one_that_the_table_draws() -> None:
    assert (ROOT / "docs" / "reference" / "states.md").read_text(encoding="utf-8") == states_page()
