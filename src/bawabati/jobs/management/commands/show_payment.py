"""`bawabati show-payment PAYMENT`: everything that happened to a payment, in the order in which it happened."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from bawabati.jobs.story import lines_of_payment
from bawabati.payments.reads import find_payment, find_payment_of_order


class Command(BaseCommand):
    """Changes nothing. Shows no card number, and no name."""

    help = "Shows a payment: its bills, every event, every message to the gateway, receipt, refunds, books and cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which payment."""
        parser.add_argument("payment", help="its number, or the order number that the receipt shows")
        parser.add_argument(
            "--whole-answers", action="store_true", help="what the gateway answered, as it is kept: without secrets"
        )

    def handle(self, **options: object) -> None:
        """One line for each thing that happened."""
        asked = str(options["payment"])
        payment = find_payment(int(asked)) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else None
        payment = payment or find_payment_of_order(asked)
        if payment is None:
            raise CommandError(f"There is no payment {asked}.")
        for line in lines_of_payment(payment, whole_answers=bool(options["whole_answers"])):
            self.stdout.write(line)


LONGEST_NUMBER = 19
