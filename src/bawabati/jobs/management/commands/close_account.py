"""`bawabati close-account LOGIN --as LOGIN`: a person no longer works here."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.close_account import close_account, reopen_account
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Closes a person's account at once; with --reopen, opens it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and who does it."""
        parser.add_argument("person", metavar="LOGIN", help="the person's e-mail address")
        parser.add_argument("--reopen", action="store_true", help="the person may sign in again")
        parser.add_argument("--as", dest="login", required=True, help="login of the administrator who does it")

    def handle(self, **options: object) -> None:
        """Closes it, or opens it."""
        change = reopen_account if options["reopen"] else close_account
        with saying_why_not():
            person = change(person_login=str(options["person"]), login=str(options["login"]), now=timezone.now())
        self.stdout.write(f"{person.login}: {'open again' if options['reopen'] else 'closed, and out everywhere'}.")
