"""`bawabati approve-refund REFUND --as LOGIN`: a second person looks at a refund, and approves or refuses it."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.jobs.arguments import saying_why_not
from bawabati.jobs.story import lines_of_refund
from bawabati.payments.reads import find_refund
from bawabati.payments.rules import RefundKind

APPROVED = {
    RefundKind.REFUND: "Approved: the worker gives it back.",
    RefundKind.REVERSAL: "Approved: it is written down.",
}


class Command(BaseCommand):
    """A refund is decided once."""

    help = "Approves a refund that another person asked for; with --refuse, refuses it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which refund, and who decides."""
        parser.add_argument("refund", type=int, help="its number")
        parser.add_argument("--show", action="store_true", help="only say what was asked for")
        parser.add_argument("--refuse", action="store_true", help="nothing goes back")
        parser.add_argument("--because", default="", help="why it is refused, in your words")
        parser.add_argument("--as", dest="login", help="login of the person who decides")

    def handle(self, **options: object) -> None:
        """Says what was asked for, and decides."""
        refund_id, login = int(str(options["refund"])), str(options["login"] or "")
        refund = find_refund(refund_id)
        if refund is None:
            raise CommandError(f"There is no refund with the number {refund_id}.")
        if not login and not options["show"]:
            raise CommandError("Say who decides: --as LOGIN. With --show, only look.")
        for line in lines_of_refund(refund):
            self.stdout.write(line)
        if options["show"]:
            return
        with saying_why_not():
            if options["refuse"]:
                refuse_refund(refund_id=refund_id, because=str(options["because"]), login=login, now=timezone.now())
                self.stdout.write("Refused: nothing goes back.")
            else:
                decided = approve_refund(refund_id=refund_id, login=login, now=timezone.now())
                self.stdout.write(APPROVED[RefundKind(decided.kind)])
