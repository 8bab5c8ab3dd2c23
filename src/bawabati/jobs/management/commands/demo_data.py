"""`bawabati demo-data --bills N --output FILE`: a believable file of bills, the same each time for the same seed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.companies.reads import find_company
from bawabati.companies.rules import NumberFormat
from bawabati.jobs.demo.bills import write_bills
from bawabati.money.amount import Money
from bawabati.money.display import figures


class Command(BaseCommand):
    """Names, meters and debts are made up. Nothing is imported: `import-bills` does that."""

    help = "Writes a file of made-up bills for a company."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, whose, and from which seed."""
        parser.add_argument("--bills", type=int, required=True, help="how many")
        parser.add_argument("--output", type=Path, required=True, help="the file to write")
        parser.add_argument("--company", default="oran", help="code of the company whose numbers the bills carry")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--day", type=date.fromisoformat, help="as the bills stand on that day; today by default")
        parser.add_argument("--encoding", choices=["utf-8", "cp1256"], default="utf-8")
        parser.add_argument("--with-contacts", action="store_true", help="some customers may be written to")
        parser.add_argument(
            "--without-payment-numbers", action="store_true", help="as billing systems write them that have none"
        )

    def handle(self, **options: object) -> None:
        """Writes the file, whole or not at all, and says its control totals."""
        company = find_company(str(options["company"]))
        if company is None:
            raise CommandError(f"There is no company with the code {options['company']}.")
        path = Path(str(options["output"]))
        day = options["day"] or timezone.localdate()
        assert isinstance(day, date)  # noqa: S101 - by the parser
        try:
            unfinished = path.with_name(f"{path.name}.new")
            with unfinished.open("w", encoding=str(options["encoding"]), newline="") as file:
                written = write_bills(
                    file,
                    count=int(str(options["bills"])),
                    company=company.code,
                    number_format=NumberFormat.from_json(company.number_format),
                    seed=int(str(options["seed"])),
                    day=day,
                    with_numbers=not options["without_payment_numbers"],
                    with_contacts=bool(options["with_contacts"]),
                )
            unfinished.rename(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path}: {written.count} bills, {figures(Money(written.centimes), 'en')} DA")
