"""`bawabati apply-credit NUMBER --company CODE --because WORDS --as LOGIN`: credit pays the customer's next bill."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from secrets import token_urlsafe

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.bills.rules import BillNotPayable, Standing
from bawabati.flows.apply_credit import apply_credit
from bawabati.jobs.arguments import amount_of, company_of, saying_why_not
from bawabati.money.amount import Money
from bawabati.money.display import with_currency

LONGEST_KEY = 64
STANDS: Mapping[object, str] = {
    None: "There is no bill with this number.",
    Standing.PAID: "Nothing is left to pay of this bill.",
    Standing.BEING_PAID: "Somebody is paying this bill at this moment: payment {payment_id}.",
    Standing.CANCELLED: "This bill is cancelled.",
    Standing.REPLACED: "This bill is replaced by another.",
}


class Command(BaseCommand):
    """Taken once for each key; the key is told before anything is done."""

    help = "Settles a bill, or a part of it, out of its customer's credit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which bill, how much, why, and who."""
        parser.add_argument("number", help="the bill's payment number")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--amount", help="in dinars; as much as there is where it is not given")
        parser.add_argument("--key", help="names this one wish: repeated with the same key, it takes no credit again")
        parser.add_argument("--because", required=True, help="why, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who does it")

    def handle(self, **options: object) -> None:
        """Applies it."""
        company = company_of(options["company"])
        key = str(options["key"] or token_urlsafe(9))
        if len(key) > LONGEST_KEY:
            raise CommandError(f"A key has at most {LONGEST_KEY} signs.")
        self.stderr.write(f"If this is cut off, repeat it with --key {key}")
        with saying_why_not(), _saying_how_the_bill_stands():
            use = apply_credit(
                company=company,
                payment_number=str(options["number"]),
                amount=amount_of(options["amount"]),
                because=str(options["because"]),
                key=key,
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"{with_currency(Money(use.amount_centimes), 'en')} of credit have paid the bill.")


@contextmanager
def _saying_how_the_bill_stands() -> Iterator[None]:
    try:
        yield
    except BillNotPayable as refusal:
        words = STANDS.get(refusal.details["standing"], str(refusal))
        raise CommandError(words.format(**refusal.details)) from refusal
