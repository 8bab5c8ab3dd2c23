"""`bawabati ask-factor-reset LOGIN --because … --as LOGIN`: a person has lost the second factor."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """Nothing changes before another administrator approves."""

    help = "Asks to take a person's second factors away, because they are lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, why, and who asks."""
        parser.add_argument("person", metavar="LOGIN", help="the person's e-mail address")
        parser.add_argument("--because", required=True, help="how the person was recognised, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the administrator who asks")

    def handle(self, **options: object) -> None:
        """Asks."""
        with saying_why_not():
            change = ask_factor_reset(
                person_login=str(options["person"]),
                because=str(options["because"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"Asked for. Another administrator approves it with: bawabati approve-change {change.id}")
