"""`bawabati release-hold PAYMENT --because WORDS --as LOGIN`: bills that an open attempt holds can be paid again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.release_hold import release_hold
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """The attempt goes on being asked about: what it captures then is the customer's credit."""

    help = "Frees the bills of an open attempt, on the word of a person who says why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which attempt, why, and who."""
        parser.add_argument("payment", type=int, help="its number, from open-attempts")
        parser.add_argument("--because", required=True, help="why, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who does it")

    def handle(self, **options: object) -> None:
        """Frees them."""
        with saying_why_not():
            release_hold(
                payment_id=int(str(options["payment"])),
                because=str(options["because"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write("Its bills can be paid again.")
