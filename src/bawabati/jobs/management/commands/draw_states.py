"""`bawabati draw-states`: the states page of the docs, from the table of the rules."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from bawabati.jobs.states_page import states_page


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Writes docs/reference/states.md from the table of states and events."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=Path("docs/reference/states.md"))

    def handle(self, **options: object) -> None:
        """Writes the page."""
        output = options["output"]
        assert isinstance(output, Path)  # noqa: S101 - by the parser
        output.write_text(states_page(), encoding="utf-8")
