"""`bawabati list-cases`: everything that waits for a person, the earliest promise first."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from bawabati.cases.reads import list_open_cases
from bawabati.jobs.arguments import company_of
from bawabati.money.amount import Money
from bawabati.money.display import with_currency


class Command(BaseCommand):
    """Changes nothing."""

    help = "Lists open cases: number, company, what it is about, owner, promised day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose cases."""
        parser.add_argument("--company", help="code of one company; all of them where it is not given")

    def handle(self, **options: object) -> None:
        """One line for each."""
        company_id = company_of(options["company"]).id if options["company"] else None
        for case in list_open_cases(company_id=company_id):
            amount = with_currency(Money(case.amount_centimes), "en")
            self.stdout.write(
                f"{case.id} {case.company.code} {case.kind} {case.reference} {amount}, "
                f"owner {case.owner.login}, promised by {case.promised_on:%d/%m/%Y}"
            )
