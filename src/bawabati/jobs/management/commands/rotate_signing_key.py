"""`bawabati rotate-signing-key --purpose closing --company CODE --as LOGIN`: the next signature makes a new key."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.rotate_signing_key import rotate_signing_key
from bawabati.jobs.arguments import company_of, saying_why_not


class Command(BaseCommand):
    """Stops nothing. What the old key has signed is checked as before."""

    help = "Retires a signing key; the next signature makes a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose key, what it signs, and who says so."""
        parser.add_argument("--purpose", required=True, help="closing, audit or receipt")
        parser.add_argument("--company", default="", help="code of the company; without it the installation's own key")
        parser.add_argument("--as", dest="login", required=True, help="login of an operator or administrator")

    def handle(self, **options: object) -> None:
        """Says what was retired."""
        code = str(options["company"])
        with saying_why_not():
            rotate_signing_key(
                company_id=company_of(code).id if code else None,
                purpose=str(options["purpose"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"The key for {options['purpose']} is retired; the next signature makes a new one.")
