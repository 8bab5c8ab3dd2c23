"""`bawabati compare-gateway`: what the gateway says of the last days, beside what we say; mends what is safe."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.jobs.arguments import days_of
from bawabati.jobs.comparison import compare_with_gateway


class Command(BaseCommand):
    """Safe to repeat, beside payers and beside the worker."""

    help = "Compares every attempt of the last days with the gateway; with --repair mends what is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How far back, and whether it mends."""
        parser.add_argument("--days", type=int, default=3, help="attempts opened in the last so many days")
        parser.add_argument("--repair", action="store_true", help="mend what is safe, open cases for the rest")

    def handle(self, **options: object) -> None:
        """Prints a line for each finding: what, where, what was done."""
        since = timezone.now() - timedelta(days=days_of(options["days"]))
        left = 0
        for finding in compare_with_gateway(since=since, repairs=bool(options["repair"])):
            self.stdout.write(f"{finding.what}: company {finding.company_id}, {finding.reference}: {finding.done}")
            left += not finding.is_mended
        if left:
            raise CommandError(f"{left} findings are left for a person", returncode=1)
        self.stdout.write("Nothing is left to do.")
