"""`bawabati show-customer NUMBER --company CODE`: a customer's bills, who paid them, and his credit to the centime."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from bawabati.bills.reads import find_customer
from bawabati.jobs.arguments import company_of
from bawabati.jobs.story import lines_of_customer


class Command(BaseCommand):
    """Changes nothing. Shows no name."""

    help = "Shows a customer: every bill with its payments, every movement of his credit, and what is left of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which customer."""
        parser.add_argument("number", help="his number, or the payment number or number of one of his bills")
        parser.add_argument("--company", required=True, help="code of the company")

    def handle(self, **options: object) -> None:
        """One line for each bill, payment and movement."""
        customer = find_customer(company_id=company_of(options["company"]).id, number=str(options["number"]))
        if customer is None:
            raise CommandError(f"There is no customer and no bill {options['number']}.")
        for line in lines_of_customer(customer):
            self.stdout.write(line)
