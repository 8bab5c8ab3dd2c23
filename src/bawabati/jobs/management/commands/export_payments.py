"""`bawabati export-payments --company CODE`: the billing system is told what is new, or a file goes out again."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.export_payments import export_payments, issue_payment_file
from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.reports.rules import FORMS


class Command(BaseCommand):
    """Safe to repeat: each payment is told once, and a file that went out never changes."""

    help = "Makes the next numbered payment files, or writes one that was made before, byte for byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose files, who asks, and where to write them."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who asks")
        parser.add_argument("--number", type=int, help="a file that was made before, to write again")
        parser.add_argument("--format", choices=FORMS, default="csv", help="csv or xlsx; csv without")
        parser.add_argument("--folder", type=Path, help="where to write; without one nothing is written")

    def handle(self, **options: object) -> None:
        """Prints number, lines, sums and hash of each file."""
        company, staff = company_of(options["company"]), staff_of(options["login"])
        number, form, folder = options["number"], str(options["format"]), options["folder"]
        with saying_why_not():
            if number is None:
                numbers = [
                    file.number for file in export_payments(company_id=company.id, staff=staff, now=timezone.now())
                ]
            else:
                numbers = [int(str(number))]
            for each in numbers:
                copy = issue_payment_file(company_id=company.id, number=each, form=form)
                name = f"{company.code}-payments-{each:06d}.{form}"
                if folder is not None:
                    Path(str(folder), name).write_bytes(bytes(copy.content))
                self.stdout.write(f"{name}: {copy.file.line_count} lines, sha256 {copy.sha256}.")
        if not numbers:
            self.stdout.write("There is nothing new to tell.")
