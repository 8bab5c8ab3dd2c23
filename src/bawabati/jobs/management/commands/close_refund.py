"""`bawabati close-refund REFUND HOW --because WORDS --as LOGIN`: what the machine left to a person."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.close_refund import HowClosed, close_refund
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """Asks the gateway first: nothing is written against what it holds."""

    help = "Ends a refund that the machine could not finish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which refund, how it ended, and who says so."""
        parser.add_argument("refund", type=int, help="its number")
        parser.add_argument(
            "how",
            choices=[how.value for how in HowClosed],
            help="done: the gateway shows it; otherwise: given back in another way; refused: nothing goes back",
        )
        parser.add_argument("--because", required=True, help="the evidence, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who says so")

    def handle(self, **options: object) -> None:
        """Ends it."""
        with saying_why_not():
            refund = close_refund(
                refund_id=int(str(options["refund"])),
                how=HowClosed(str(options["how"])),
                because=str(options["because"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"Refund {refund.id} is {refund.state}.")
