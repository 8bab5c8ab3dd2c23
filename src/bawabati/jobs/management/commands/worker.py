"""`bawabati worker`: does the jobs that flows have deferred, and sweeps what is due."""

import asyncio
import signal
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor

from django.core.management.base import BaseCommand
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.jobs import DeleteJobCondition

from bawabati.defer import Queue

POLL_SECONDS = 2.0


class Command(BaseCommand):
    """Several may run at once. Stops on SIGTERM or SIGINT, after the jobs in hand."""

    help = "Does jobs until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once."""
        parser.add_argument("--at-once", type=int, default=4, help="jobs under way at once in each queue")

    def handle(self, **options: object) -> None:
        """Works."""
        asyncio.run(_work(at_once=int(str(options["at_once"]))))


async def _work(*, at_once: int) -> None:
    """One worker for each queue, in one process, until a signal says to stop."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=at_once * len(Queue)))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        async with worker_app.open_async():
            workers = [asyncio.create_task(_serve(worker_app, queue, at_once=at_once)) for queue in Queue]
            stop = asyncio.create_task(stopping.wait())
            await asyncio.wait([stop, *workers], return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                worker.cancel()
            ends = await asyncio.gather(*workers, return_exceptions=True)
    stop.cancel()
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _serve(worker_app: App, queue: Queue, *, at_once: int) -> None:
    await worker_app.run_worker_async(
        name=queue.value,
        queues=[queue.value],
        concurrency=at_once,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_SECONDS,
        delete_jobs=DeleteJobCondition.SUCCESSFUL,
    )
