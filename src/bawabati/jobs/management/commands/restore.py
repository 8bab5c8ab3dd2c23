"""`bawabati restore FILE`: fills an empty database from a backup, compares it, and leaves it in quarantine."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.restore import OWNER, fill_database, look_into, note_restoration, shut_doors
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """Works as the owner of the tables (`DATABASE_OWNER_URL`). Stop the portal and the worker first."""

    help = "Restores a backup into an empty database, compares its totals, and keeps it shut to payers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whether something may be removed for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--look", action="store_true", help="only read the file and say what is in it")
        parser.add_argument("--replace-database", default="", help="name of a database whose content may be removed")

    def handle(self, **options: object) -> None:
        """Reads all of the file first: a damaged one changes nothing."""
        file = Path(str(options["file"])).resolve()
        with saying_why_not():
            manifest = look_into(file, keys=settings.BACKUP_KEYS)
            self.stdout.write(f"The file is whole: version {manifest['version']}, as of {manifest['made_at']}.")
            self._tell(manifest)
            if options["look"]:
                return
            filled = fill_database(file, keys=settings.BACKUP_KEYS, replace=str(options["replace_database"]))
            call_command("migrate", database=OWNER, interactive=False, verbosity=0)
            restoration = shut_doors(manifest=manifest, file=file, now=timezone.now())
            call_command("setup_database", verbosity=0)
            note_restoration(restoration, now=timezone.now())
        for line in filled.differences:
            self.stdout.write(line)
        if filled.differences:
            raise CommandError(f"{len(filled.differences)} figures differ from the backup's own", returncode=1)
        self.stdout.write("Every table and every total is as the backup says.")
        self.stdout.write(
            "This installation is in quarantine: start portal and worker, then `bawabati check-restored`."
        )

    def _tell(self, manifest: dict[str, object]) -> None:
        for code, totals in manifest["totals"]["companies"].items():  # type: ignore[index]  # JSON
            figures = ", ".join(f"{name} {value}" for name, value in totals.items() if name != "ledger")
            self.stdout.write(f"{code}: {figures}")
