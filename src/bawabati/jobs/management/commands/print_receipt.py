"""`bawabati print-receipt NUMBER --company CODE --as LOGIN --output FILE`: a duplicate, where the first is lost."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.print_receipt import print_receipt
from bawabati.jobs.arguments import company_of, saying_why_not


class Command(BaseCommand):
    """Each call is one more copy, and is counted."""

    help = "Prints a receipt again, as a duplicate: the same number and content, counted and logged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which receipt, who prints it, and where to."""
        parser.add_argument("number", help="as it is printed, e.g. 2026-W-0000042")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who prints")
        parser.add_argument("--output", type=Path, required=True, help="the PDF to write")

    def handle(self, **options: object) -> None:
        """Writes the duplicate. A file that cannot be written is said before anything is counted."""
        company, output = company_of(options["company"]), Path(str(options["output"]))
        unfinished = output.with_name(f"{output.name}.unfinished")
        with saying_why_not():
            try:
                with unfinished.open("wb") as file:
                    document, printed = print_receipt(
                        company=company, number=str(options["number"]), login=str(options["login"]), now=timezone.now()
                    )
                    file.write(document)
                unfinished.replace(output)
            finally:
                unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{output}: duplicate {printed.copy_number} of receipt {options['number']}.")
