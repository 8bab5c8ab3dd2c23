"""`bawabati check-restored`: asks the gateway about everything that a restored database may not know."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bawabati.jobs.after_restore import check_restored
from bawabati.jobs.arguments import days_of, saying_why_not
from bawabati.operations.reads import find_quarantine
from bawabati.operations.rules import NotInQuarantine


class Command(BaseCommand):
    """Safe to repeat; the portal stays shut until `leave-quarantine`."""

    help = "In quarantine: takes in orders that the backup does not know, and compares with the gateway."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the journals are, and how far back before the backup is asked."""
        parser.add_argument(
            "--journal", type=Path, action="append", help="folder of an order journal; one for each machine"
        )
        parser.add_argument("--days", type=int, default=30, help="also attempts of so many days before the backup")

    def handle(self, **options: object) -> None:
        """A line for each finding, then what they come to."""
        with saying_why_not():
            restoration = find_quarantine()
            if restoration is None:
                raise NotInQuarantine
            given = options["journal"]
            journals = [Path(str(each)) for each in given] if isinstance(given, list) else [settings.ORDER_JOURNAL]
            found = check_restored(restoration, journals=journals, days=days_of(options["days"]), say=self.stdout.write)
        for name, count in found.to_json().items():
            self.stdout.write(f"{name.replace('_', ' ')}: {count}")
        if found.unanswered or found.differences:
            raise CommandError("Not everything is known yet: see above, and run it again.", returncode=1)
        self.stdout.write("Everything that can be asked has been. Open with `bawabati leave-quarantine`.")
