"""A fault of ours with one keeps no other waiting; without the database nobody goes on."""

from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

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


@pytest.mark.usefixtures("database", "company")
def test_who_waits_too_long_for_a_row_keeps_no_other_waiting(behind_the_scenes: psycopg.Connection[Any]) -> None:
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SELECT FROM companies_company FOR UPDATE")
        with no_other_waits("refund_failed", refund_id=1) as turn, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            cursor.execute("SELECT id FROM companies_company FOR UPDATE")
    assert turn.failed
