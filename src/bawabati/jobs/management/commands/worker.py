"""`bawabati worker`: does the jobs that flows have deferred, and sweeps what is due."""

import asyncio
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker

from bawabati.defer import Queue
from bawabati.flows.keep_pulse import keep_failure
from bawabati.pool import throw_dead_connections_away
from bawabati.scope import every_company

POLL_SECONDS = 2.0
TRY_AGAIN_AFTER_SECONDS = 2.0
CONNECT_SECONDS = 5
POOL_SECONDS = 5.0
DATABASE_LOST = (ConnectorException, psycopg.Error)

log = structlog.get_logger()


class Command(BaseCommand):
    """Several may run at once. Stops on SIGTERM or SIGINT, after the jobs in hand.

    A database that goes away stops nothing: it is waited for. Rule: worker-comes-back (failures.md 2.3, C1 and C4)
    """

    help = "Does jobs until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once."""
        parser.add_argument("--at-once", type=int, default=4, help="jobs under way at once in each queue")

    def handle(self, **options: object) -> None:
        """Works."""
        asyncio.run(_work(at_once=int(str(options["at_once"]))))


async def _work(*, at_once: int) -> None:
    """One shift after the other, until a signal says to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=at_once * len(Queue)))
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        shift = asyncio.create_task(_shift(at_once=at_once))
        await asyncio.wait([stop, shift], return_when=asyncio.FIRST_COMPLETED)
        shift.cancel()
        (end,) = await asyncio.gather(shift, return_exceptions=True)
        if isinstance(end, Exception) and not isinstance(end, DATABASE_LOST):
            raise end
        if not stopping.is_set():
            log.warning("database_lost", reason=str(getattr(end, "__cause__", None) or end or "").strip())
            await asyncio.wait([stop], timeout=TRY_AGAIN_AFTER_SECONDS)


async def _shift(*, at_once: int) -> None:
    """One worker for each queue, in one process, until it is cancelled or the database goes away.

    A worker that has lost the database ends: with an error, or without one when the database is already back.
    """
    await _database_answers()
    await asyncio.to_thread(throw_dead_connections_away)
    with app.replace_connector(_connector()) as worker_app:
        async with worker_app.open_async():
            workers = [asyncio.create_task(_serve(worker_app, queue, at_once=at_once)) for queue in Queue]
            try:
                await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for worker in workers:
                    worker.cancel()
                ends = await asyncio.gather(*workers, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _database_answers() -> None:
    """Raises psycopg.Error while it does not: asking once is quicker than a pool that waits longer and longer."""
    async with await psycopg.AsyncConnection.connect(**connector_params(), connect_timeout=CONNECT_SECONDS):
        pass


def _connector() -> PsycopgConnector:
    return PsycopgConnector(kwargs=connector_params(), timeout=POOL_SECONDS, reconnect_timeout=POOL_SECONDS)


async def _serve(worker_app: App, queue: Queue, *, at_once: int) -> None:
    await worker_app.run_worker_async(
        name=queue.value,
        queues=[queue.value],
        concurrency=at_once,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_SECONDS,
        delete_jobs=DeleteJobCondition.SUCCESSFUL,
        task_middleware=[_give_the_connection_back],
    )


def _give_the_connection_back(do: Callable[[], Any], context: JobContext, _worker: Worker) -> object:
    """After each job: a thread that kept a connection which has died would fail at every job that follows.

    What went wrong is kept for whoever may do the job again.
    """
    try:
        with every_company("a job is about any company's rows"):
            return do()
    except Exception as error:
        with suppress(DatabaseError), every_company("the words of a job that failed"):
            keep_failure(job_id=context.job.id or 0, error=error, now=timezone.now())
        raise
    finally:
        connection.close()
