"""A job exists only if the transaction that asked for it does, wherever that transaction runs."""

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
        shift = asyncio.create_task(_shift(at_once=1))
        while not count(WORKERS) and not shift.done():  # noqa: ASYNC110 - it is a table that says so
            await asyncio.sleep(0.05)
        seen = await asyncio.to_thread(asks_and_takes_it_back)
        shift.cancel()
        await asyncio.gather(shift, return_exceptions=True)
        return seen

    # In a thread of its own: a browser's test before this one may have left a loop running here.
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(copy_context().run, asyncio.run, while_it_works()).result() == 0
    assert count(JOBS) == 0
