"""`bawabati worker`: does the jobs that flows have deferred, and sweeps what is due."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.jobs import DeleteJobCondition


class Command(BaseCommand):
    """Several may run at once. Stops on SIGTERM or SIGINT, after the jobs in hand."""

    help = "Does jobs until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once."""
        parser.add_argument("--at-once", type=int, default=4, help="jobs under way at once")

    def handle(self, **options: object) -> None:
        """Works."""
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            worker_app.run_worker(
                concurrency=int(str(options["at_once"])),
                install_signal_handlers=True,
                fetch_job_polling_interval=2.0,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
            )
