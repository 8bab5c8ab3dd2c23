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
    while not stopping.is_set():
        lost: Exception | None = None
        try:
            await _shift(at_once=at_once, stopping=stopping)
        except DATABASE_LOST as error:
            lost = error
        if not stopping.is_set():
            log.warning("database_lost", reason=str(getattr(lost, "__cause__", None) or lost or "").strip())
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), TRY_AGAIN_AFTER_SECONDS)


async def _shift(*, at_once: int, stopping: asyncio.Event) -> None:
    """One worker for each queue, in one process, until they are told to stop or the database goes away.

    A worker that has lost the database ends: with an error, or without one when the database is already back.
    Nothing is cancelled here: Python's `wait_for` before 3.12, under the pool, can lose a cancellation that comes just
    as a connection opens, and whoever is starting then would work for ever.
    """
    await _database_answers()
    await asyncio.to_thread(throw_dead_connections_away)
    with app.replace_connector(_connector()) as worker_app:
        worker_app.perform_import_paths()  # type: ignore[no-untyped-call]
        async with worker_app.open_async():
            workers = [_worker(worker_app, queue, at_once=at_once) for queue in Queue]
            runs = [asyncio.create_task(worker.run()) for worker in workers]  # type: ignore[no-untyped-call]
            stop = asyncio.create_task(stopping.wait())
            await asyncio.wait([stop, *runs], return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            for worker in workers:
                worker.stop()  # type: ignore[no-untyped-call]
            ends = await asyncio.gather(*runs, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _database_answers() -> None:
    """Raises psycopg.Error while it does not: asking once is quicker than a pool that waits longer and longer."""
    async with await psycopg.AsyncConnection.connect(**connector_params(), connect_timeout=CONNECT_SECONDS):
        pass


def _connector() -> PsycopgConnector:
    return PsycopgConnector(kwargs=connector_params(), timeout=POOL_SECONDS, reconnect_timeout=POOL_SECONDS)


def _worker(worker_app: App, queue: Queue, *, at_once: int) -> Worker:
    return Worker(
        worker_app,
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
