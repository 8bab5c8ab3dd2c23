"""`bawabati export-journal --company CODE --from DAY --to DAY --output FILE`: the journal by SCF accounts."""

import shutil
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext, override

from bawabati.flows.export_journal import export_journal
from bawabati.jobs.arguments import company_of, day_of, saying_why_not, staff_of
from bawabati.reports.rules import FORMS, JournalStyle


class Command(BaseCommand):
    """Changes nothing; constant memory however long the period."""

    help = "Writes the journal of a day or a period, each entry or summed by day, reason and accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose journal, of when, and how."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--from", dest="first", required=True, help="the first day, e.g. 2026-11-01")
        parser.add_argument("--to", dest="last", help="the last day; the first without")
        parser.add_argument("--style", choices=[style.value for style in JournalStyle], default="detailed")
        parser.add_argument("--language", choices=["ar", "fr", "en"], default="fr", help="of the words in it")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who asks")
        parser.add_argument("--output", type=Path, required=True, help="the file to write: .csv or .xlsx")

    def handle(self, **options: object) -> None:
        """Writes the file."""
        company, output, language = company_of(options["company"]), Path(str(options["output"])), options["language"]
        form = "xlsx" if output.suffix == ".xlsx" else FORMS[0]
        with saying_why_not(), override(str(language)):
            first = day_of(options["first"])
            with (
                export_journal(
                    company=company,
                    first=first,
                    last=day_of(options["last"]) if options["last"] else first,
                    style=JournalStyle(str(options["style"])),
                    staff=staff_of(options["login"]),
                    form=form,
                    language=str(language),
                    translate=gettext,
                    now=timezone.now(),
                ) as journal,
                output.open("wb") as file,
            ):
                shutil.copyfileobj(journal, file)
        self.stdout.write(f"{output}: written.")
