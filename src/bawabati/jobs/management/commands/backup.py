"""`bawabati backup --folder DIR`: the whole database in one sealed file, read again before it counts."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.back_up import back_up
from bawabati.jobs.arguments import days_of, saying_why_not


class Command(BaseCommand):
    """Runs beside payers. Safe to repeat and to kill: a file has its name only when it is whole."""

    help = "Writes a sealed backup of the database into a folder, and removes the ones that are too old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and how long they are kept."""
        parser.add_argument("--folder", type=Path, required=True, help="where backups are kept; another disk is best")
        parser.add_argument("--days", type=int, default=35, help="how long a backup is kept")

    def handle(self, **options: object) -> None:
        """Says what is in it."""
        folder = Path(str(options["folder"])).resolve()
        with saying_why_not():
            made = back_up(folder=folder, keys=settings.BACKUP_KEYS, days=days_of(options["days"]), now=timezone.now())
        self.stdout.write(f"{made.file} {made.size} bytes, sha256 {made.sha256}")
        for code, totals in made.manifest["totals"]["companies"].items():
            self.stdout.write(
                f"{code}: {totals['payments']} payments, {totals['receipts']} receipts, {totals['bills']} bills"
            )
        for name in made.removed:
            self.stdout.write(f"removed, too old: {name}")
