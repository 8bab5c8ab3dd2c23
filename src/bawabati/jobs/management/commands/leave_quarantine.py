"""`bawabati leave-quarantine --as LOGIN --because WORDS`: opens a restored installation to payers."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.leave_quarantine import leave_quarantine
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """After `check-restored`, within the hour. Written into the audit log."""

    help = "Opens a restored installation to payers again, in the name of a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who opens it, and why."""
        parser.add_argument("--as", dest="login", required=True, help="login of an operator or administrator")
        parser.add_argument("--because", required=True, help="what was checked, in your words")
        parser.add_argument(
            "--although-silent", action="store_true", help="although the gateway did not answer about some attempts"
        )

    def handle(self, **options: object) -> None:
        """Says since when it is open."""
        with saying_why_not():
            left = leave_quarantine(
                login=str(options["login"]),
                because=str(options["because"]),
                in_spite=bool(options["although_silent"]),
                now=timezone.now(),
            )
        self.stdout.write(f"Open to payers since {left.left_at:%Y-%m-%d %H:%M} UTC.")
