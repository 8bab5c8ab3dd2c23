"""Whatever people do here is written down under a name, and whoever reads the log reads words."""

from bawabati.web.office.audit.acts import ACTS
from house.acts import Modules


def test_every_act_in_the_code_has_words_and_no_words_are_left_over() -> None:
    modules = Modules()
    assert modules.names() == set(ACTS)
    assert modules.unread == []


def test_no_two_acts_have_the_same_words() -> None:
    """A list that is narrowed by what was done could not tell them apart."""
    assert len(set(ACTS.values())) == len(ACTS)
