"""`bawabati check-closings`: do the closed days still say what they said? Exits 1 when one does not."""

from argparse import ArgumentParser
from base64 import b64encode

from django.core.management.base import BaseCommand, CommandError

from bawabati.companies.reads import find_public_key, list_companies
from bawabati.flows.check_closings import check_closings
from bawabati.jobs.arguments import company_of
from bawabati.reports.reads import list_keys_of_closings


class Command(BaseCommand):
    """Changes nothing; safe to run at any time."""

    help = "Checks every closing certificate: numbers, days, chain of hashes, signatures; prints the public keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("--company", help="code of the company; all when there is none")

    def handle(self, **options: object) -> None:
        """Prints a line for each certificate that is wrong, and the public keys with which anybody can check."""
        code = options["company"]
        companies = [company_of(code)] if code else list_companies()
        wrong = 0
        for company in companies:
            checked = check_closings(company=company)
            for bad in checked.bad:
                self.stdout.write(f"{company.code} {bad.number}: {bad.what}")
            wrong += len(checked.bad)
            self.stdout.write(f"{company.code}: {checked.count} closed days.")
            for name in list_keys_of_closings(company.id):
                key = find_public_key(name)
                self.stdout.write(f"  key {name} (Ed25519): {b64encode(key).decode() if key else 'unknown'}")
        if wrong:
            raise CommandError(f"{wrong} faults", returncode=1)
        self.stdout.write("Every certificate says what was signed.")
