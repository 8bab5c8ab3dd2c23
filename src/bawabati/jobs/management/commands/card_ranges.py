"""`bawabati card-ranges [FILE] --as LOGIN`: which card numbers are CIB and which Edahabia."""

import csv
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.keep_card_ranges import keep_card_ranges
from bawabati.jobs.arguments import saying_why_not
from bawabati.payments.reads import list_card_ranges
from bawabati.payments.rules.card_families import NumberRange, read_range

COLUMNS = {"first", "last", "family"}


class Command(BaseCommand):
    """Without a file it changes nothing."""

    help = "Shows the number ranges of card families, or puts those of a CSV file in their place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and who says so."""
        parser.add_argument("file", nargs="?", type=Path, help="CSV: first, last, family (cib, edahabia), source")
        parser.add_argument("--as", dest="login", default="", help="login of an operator or administrator")

    def handle(self, **options: object) -> None:
        """Says what there is, or what has changed."""
        if options["file"] is None:
            self._show()
            return
        with saying_why_not():
            ranges = _read(Path(str(options["file"])))
            count = keep_card_ranges(ranges=ranges, login=str(options["login"]), now=timezone.now())
        self.stdout.write(f"{len(ranges)} ranges are known now; {count} payments belong to another family than before.")

    def _show(self) -> None:
        ranges = list_card_ranges()
        for known in ranges:
            self.stdout.write(f"{known.first} to {known.last}: {known.family} ({known.source})")
        if not ranges:
            self.stdout.write("No range is known: every card is not stated.")


def _read(path: Path) -> list[NumberRange]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if missing := COLUMNS - set(rows.fieldnames or ()):
            raise CommandError(f"{path} has no column {', '.join(sorted(missing))}.")
        return [
            read_range(
                line=rows.line_num,
                first=(row["first"] or "").strip(),
                last=(row["last"] or "").strip(),
                family=(row["family"] or "").strip().lower(),
                source=(row.get("source") or "").strip(),
            )
            for row in rows
        ]
