"""`bawabati close-case CASE --how REASON --because WORDS --as LOGIN`: a work item is done with."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.cases.rules import SAID_BY_PEOPLE, ClosedAs
from bawabati.flows.close_case import close_case
from bawabati.jobs.arguments import saying_why_not


class Command(BaseCommand):
    """A case is closed once; whoever closes it says why."""

    help = "Closes a case, with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, why, and who."""
        parser.add_argument("case", type=int, help="its number, from list-cases")
        parser.add_argument(
            "--how", choices=[each.value for each in SAID_BY_PEOPLE], default=ClosedAs.OTHER.value, help="how it ended"
        )
        parser.add_argument("--because", required=True, help="why, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who closes it")

    def handle(self, **options: object) -> None:
        """Closes it."""
        with saying_why_not():
            case = close_case(
                case_id=int(str(options["case"])),
                closed_as=ClosedAs(str(options["how"])),
                because=str(options["because"]),
                login=str(options["login"]),
                now=timezone.now(),
            )
        self.stdout.write(f"Case {case.id} ({case.kind} {case.reference}) is closed.")
