"""`bawabati apply-credit NUMBER --company CODE --because WORDS --as LOGIN`: credit pays the customer's next bill."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.apply_credit import apply_credit
from bawabati.jobs.arguments import amount_of, company_of, saying_why_not
from bawabati.money.amount import Money
from bawabati.money.display import with_currency


class Command(BaseCommand):
    """Each call takes credit."""

    help = "Settles a bill, or a part of it, out of its customer's credit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which bill, how much, why, and who."""
        parser.add_argument("number", help="the bill's payment number")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--amount", help="in dinars; as much as there is where it is not given")
        parser.add_argument("--because", required=True, help="why, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who does it")

    def handle(self, **options: object) -> None:
        """Applies it."""
        company = company_of(options["company"])
        with saying_why_not():
            use = apply_credit(
                company=company,
                payment_number=str(options["number"]),
                amount=amount_of(options["amount"]),
                because=str(options["because"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"{with_currency(Money(use.amount_centimes), 'en')} of credit have paid the bill.")
