"""`bawabati draw-bridge-api`: the calls of bridges as OpenAPI, read from the code."""

import json

from django.core.management.base import BaseCommand

from bawabati.api.site import openapi


class Command(BaseCommand):
    """A test compares what is kept in the docs with this."""

    help = "Prints what bridges say and hear, as OpenAPI, for docs/reference/bridge-api.json."

    def handle(self, **_options: object) -> None:
        """Prints it."""
        self.stdout.write(json.dumps(openapi(), indent=2, ensure_ascii=False, sort_keys=True))
