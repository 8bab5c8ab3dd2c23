"""A fault of ours with one keeps no other waiting; without the database nobody goes on."""

import pytest
from django.db import InterfaceError, OperationalError

from bawabati.jobs.each import no_other_waits


def test_a_fault_is_said_and_the_next_one_has_its_turn(capfd: pytest.CaptureFixture[str]) -> None:
    failed = []
    for refund_id in (1, 0, 2):
        with no_other_waits("refund_failed", refund_id=refund_id) as turn:
            assert 2 / refund_id
        failed.append(turn.failed)
    assert failed == [False, True, False]
    said = capfd.readouterr().err
    assert said.count('"event": "refund_failed"') == 1
    assert '"refund_id": 0' in said
    assert "ZeroDivisionError" in said


@pytest.mark.parametrize("lost", [InterfaceError, OperationalError])
def test_a_lost_database_ends_them_all(lost: type[Exception]) -> None:
    with pytest.raises(lost), no_other_waits("refund_failed", refund_id=1):
        raise lost
