"""`bawabati check-audit-file FILE`: whether a file of the audit log is genuine; needs no database."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from bawabati.audit.rules import check_file


class Command(BaseCommand):
    """Changes nothing. Works on any machine, with nothing but the file."""

    help = "Checks each entry of a file of the audit log against the signatures in it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whose signature is expected."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", action="append", default=[], help="name of a key that may sign; may be repeated")

    def handle(self, **options: object) -> None:
        """A line for each finding; then how many entries are genuine, and by which keys."""
        path = Path(str(options["file"]))
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                checked = check_file(lines)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        for line, words in checked.findings:
            self.stdout.write(f"line {line}: {words}")
        allowed = options["key"]
        if strangers := sorted(set(checked.keys) - set(allowed)) if isinstance(allowed, list) and allowed else []:
            self.stdout.write(f"signed by other keys: {', '.join(strangers)}")
        if checked.findings or strangers:
            raise CommandError("the file is not genuine", returncode=1)
        self.stdout.write(f"{checked.entries} entries are as they were sealed. Signed by: {', '.join(checked.keys)}")
