"""While the database is away: every page says so, nobody has to be started again, and all goes on when it is back."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from faults.killing.books import ask_for_what_comes_each_minute
from faults.killing.street import QUICK, KilledStreet

A_JOB = """
INSERT INTO procrastinate_jobs (task_name, queue_name, args, scheduled_at)
VALUES ('send_notice', 'letters', '{"notice_id": 0}', now())
"""
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE task_name IN ('send_notice', 'tidy')"


@pytest.fixture(scope="module")
def street() -> Iterator[KilledStreet]:
    with tempfile.TemporaryDirectory(prefix="bawabati-killing-") as folder:
        Path(folder).chmod(0o755)
        street = KilledStreet(state=Path(folder), pace=QUICK, workers=1)
        try:
            street.open(bills=20)
            yield street
        finally:
            street.end()


def until_no_job_is_left(street: KilledStreet) -> bool:
    deadline = time.monotonic() + 30
    while street.rows(LEFT) != [(0,)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_a_lost_database_is_waited_for_by_portal_and_worker(street: KilledStreet) -> None:
    assert street.portal.process is not None
    processes = [street.portal.process.pid, *(worker.process.pid for worker in street.workers if worker.process)]
    page = f"{street.portal_url}/en/oran/"
    assert httpx.get(page).status_code == 200
    street.crash_the_database()
    with httpx.Client(timeout=30) as browser:
        answers = [browser.get(page) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {503}
    assert all("do not pay a second time" in answer.text for answer in answers)
    assert not any("Traceback" in answer.text for answer in answers)
    street.start_the_database()
    assert httpx.get(page).status_code == 200
    with street.database() as connection:
        connection.execute(A_JOB)
    assert until_no_job_is_left(street)
    for victim in (street.portal, *street.workers):
        victim.note_its_end()
        assert victim.ended_by_itself == []
    assert processes == [
        street.portal.process.pid,
        *(worker.process.pid for worker in street.workers if worker.process),
    ]


def test_a_database_that_was_restarted_is_noticed_by_one_reader_at_most(street: KilledStreet) -> None:
    page = f"{street.portal_url}/en/oran/"
    with ThreadPoolExecutor(max_workers=8) as readers:
        assert {answer.status_code for answer in readers.map(httpx.get, [page] * 40)} == {200}
    street.crash_the_database()
    street.start_the_database()
    answers = [httpx.get(page, timeout=30).status_code for _ in range(12)]
    assert answers.count(200) >= len(answers) - 1
    assert set(answers) <= {200, 503}


def test_what_a_killed_worker_had_in_hand_is_taken_up(street: KilledStreet) -> None:
    for worker in street.workers:
        worker.kill()
    with street.database() as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        (dead,) = connection.execute("SELECT procrastinate_register_worker_v1()").fetchone() or (None,)
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args, status, worker_id, queueing_lock) VALUES"
            " ('send_notice', 'letters', '{\"notice_id\": 0}', 'doing', %(dead)s, NULL),"
            " ('tidy', 'letters', '{\"timestamp\": 0}', 'doing', %(dead)s, 'tidy'),"
            " ('tidy', 'letters', '{\"timestamp\": 0}', 'doing', NULL, 'tidy')",
            {"dead": dead},
        )
    for worker in street.workers:
        worker.start()
    ask_for_what_comes_each_minute(street)
    assert until_no_job_is_left(street)
