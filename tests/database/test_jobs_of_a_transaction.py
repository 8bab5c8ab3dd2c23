"""A job exists only if the transaction that asked for it does, wherever that runs; a worker ends when it is told."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from bawabati.defer import Job, defer
from bawabati.jobs.management.commands.worker import _shift

JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_notice'"
WORKERS = "SELECT count(*) FROM procrastinate_workers"
LONG_ENOUGH_SECONDS = 30


@pytest.mark.usefixtures("database")
def test_a_job_asked_for_inside_the_worker_is_there_only_if_the_transaction_holds(
    behind_the_scenes: psycopg.Connection[Any],
) -> None:
    def count(question: str) -> int:
        (number,) = behind_the_scenes.execute(question.encode()).fetchone() or (0,)
        return int(number)

    def asks_and_takes_it_back() -> int:
        """As a flow does in a thread of the worker; how many others see the job before it is committed."""
        try:
            with transaction.atomic(durable=True):
                defer(Job.SEND_NOTICE, notice_id=0)
                seen = count(JOBS)
                transaction.set_rollback(True)
                return seen
        finally:
            connection.close()

    async def while_it_works() -> int:
        stopping = asyncio.Event()
        shift = asyncio.create_task(_shift(at_once=1, stopping=stopping))
        while not count(WORKERS) and not shift.done():  # noqa: ASYNC110 - it is a table that says so
            await asyncio.sleep(0.05)
        seen = await asyncio.to_thread(asks_and_takes_it_back)
        stopping.set()
        await shift
        return seen

    # In a thread of its own: a browser's test before this one may have left a loop running here.
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(copy_context().run, asyncio.run, while_it_works()).result() == 0
    assert count(JOBS) == 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1])
def test_a_worker_that_is_told_to_stop_while_it_starts_ends(after: float) -> None:
    async def starts_and_is_stopped() -> bool:
        stopping = asyncio.Event()
        shift = asyncio.create_task(_shift(at_once=1, stopping=stopping))
        await asyncio.sleep(after)
        stopping.set()
        _, working = await asyncio.wait([shift], timeout=LONG_ENOUGH_SECONDS)
        return not working

    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(copy_context().run, asyncio.run, starts_and_is_stopped()).result()
