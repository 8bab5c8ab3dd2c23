"""`bawabati approve-change ID --as LOGIN`: a second person looks at a change, and approves or refuses it."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.jobs.arguments import saying_why_not
from bawabati.jobs.change_words import lines_of
from bawabati.people.reads import find_change


class Command(BaseCommand):
    """A change is decided once."""

    help = "Approves a change that another person asked for; with --refuse, refuses it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which change, and who decides."""
        parser.add_argument("change", type=int, help="its number")
        parser.add_argument("--show", action="store_true", help="only say what was asked for")
        parser.add_argument("--refuse", action="store_true", help="it shall never happen")
        parser.add_argument("--as", dest="login", help="login of the person who decides")

    def handle(self, **options: object) -> None:
        """Says what was asked for, and decides."""
        change_id, login = int(str(options["change"])), str(options["login"] or "")
        change = find_change(change_id)
        if change is None:
            raise CommandError(f"No change with the number {change_id} has been asked for.")
        if not login and not options["show"]:
            raise CommandError("Say who decides: --as LOGIN. With --show, only look.")
        asked_at = timezone.localtime(change.asked_at).strftime("%d/%m/%Y %H:%M")
        self.stdout.write(
            f"{change.company or 'everywhere'}: {change.kind}, asked by {change.asked_by} on {asked_at}, "
            f"{change.state}:"
        )
        for line in lines_of(change):
            self.stdout.write(f"  {line}")
        if options["show"]:
            return
        decide = refuse_change if options["refuse"] else approve_change
        with saying_why_not():
            decide(change_id=change_id, login=login, now=timezone.now())
        self.stdout.write("Refused: it will not happen." if options["refuse"] else "Approved: it holds from now on.")
