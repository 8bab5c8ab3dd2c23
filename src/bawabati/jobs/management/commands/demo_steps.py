"""`bawabati demo-steps JSON`: several commands, one after the other, in one process."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """As safe to repeat as its steps. Starting a process is most of what a small command costs."""

    help = "Runs several commands in one process, until one fails: for the launcher of the demonstration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which."""
        parser.add_argument("steps", type=json.loads, help='e.g. [["demo-company", "--sandbox-url", "http://…"], …]')

    def handle(self, **options: object) -> None:
        """Runs them; what they print comes out here."""
        steps: list[list[str]] = options["steps"]  # type: ignore[assignment]  # by the parser
        for name, *arguments in steps:
            call_command(name.replace("-", "_"), *arguments, stdout=self.stdout, stderr=self.stderr)
