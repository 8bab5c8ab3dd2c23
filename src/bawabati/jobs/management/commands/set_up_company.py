"""`bawabati set-up-company FILE --as LOGIN`: a company, as its description in JSON says it is."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.bring_in_company import DescriptionWrong, bring_in_company
from bawabati.jobs.arguments import saying_why_not
from bawabati.jobs.company_file import read_company_file


class Command(BaseCommand):
    """Safe to repeat: what is so already stays as it is. With a mistake anywhere, nothing changes."""

    help = "Brings a company in, or up to date, from its description. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The description, and who answers for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="login", required=True, help="login of the administrator who does it")

    def handle(self, **options: object) -> None:
        """Says every mistake, or everything that changed."""
        path = Path(str(options["file"]))
        with saying_why_not():
            try:
                description = read_company_file(path)
                changes = bring_in_company(description, login=str(options["login"]), now=timezone.now())
            except DescriptionWrong as wrong:
                for mistake in wrong.mistakes:
                    self.stderr.write(f"  {mistake.place} {mistake.problem}")
                count = len(wrong.mistakes)
                raise CommandError(
                    f"{path}: {count} mistake{'s' if count > 1 else ''}. Nothing was changed."
                ) from wrong
        for change in changes:
            self.stdout.write(f"  {change}")
        said = f"{len(changes)} change{'s' if len(changes) > 1 else ''}" if changes else "nothing had to be changed"
        self.stdout.write(f"{description.code}: {said}.")
