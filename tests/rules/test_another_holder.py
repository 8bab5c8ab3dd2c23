"""Whether a customer number has passed to somebody else, as far as the names in bill files tell."""

import pytest

from bawabati.bills.rules.contacts import is_another_holder


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Amina Benali", "AMINA BENALI"),
        ("BENALI Amina", "Amina  Benali"),
        ("Aïcha Ben-Ali", "AICHA BENALI"),
        ("أمينة بن علي", "امينه بن علي"),
        ("", "Karim Haddad"),
        ("Karim Haddad", "---"),
    ],
)
def test_the_same_person_written_otherwise_is_no_other(before: str, after: str) -> None:
    assert not is_another_holder(before, after)


@pytest.mark.parametrize(
    ("before", "after"), [("Amina Benali", "Karim Haddad"), ("Amina Benali", "Amina Haddad"), ("بن علي", "حداد")]
)
def test_another_name_is_somebody_else(before: str, after: str) -> None:
    assert is_another_holder(before, after)
