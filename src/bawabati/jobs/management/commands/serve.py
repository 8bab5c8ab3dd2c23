"""`bawabati serve`: the portal on one address, by granian with threads."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import Interfaces

_THREADS_LEFT = 32
"""For everybody who waits for nobody: look-ups, pages, receipts."""


class Command(BaseCommand):
    """Stops on SIGTERM or SIGINT, after the requests in hand."""

    help = "Serves the portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many hands."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--threads", type=int, help="requests under way at once in each process")
        parser.add_argument("--certificate", type=Path, help="TLS certificate chain (PEM); a proxy usually has it")
        parser.add_argument("--key", type=Path, help="TLS private key (PEM)")

    def handle(self, **options: object) -> None:
        """Collects the static files, then serves."""
        waiting = settings.GATEWAY_CALLS_AT_ONCE + settings.BRIDGES_WAITING_AT_ONCE
        threads = int(str(options["threads"] or _THREADS_LEFT + waiting))
        if threads <= waiting:
            raise CommandError(
                f"{threads} threads, of which {waiting} may wait for gateways and bridges: nobody would be left to "
                "look up bills. Give more --threads, or smaller BAWABATI_GATEWAY_CALLS_AT_ONCE and "
                "BAWABATI_BRIDGES_WAITING_AT_ONCE."
            )
        call_command("collectstatic", interactive=False, verbosity=0)
        Granian(
            "bawabati.config.wsgi:application",
            address=str(options["host"]),
            port=int(str(options["port"])),
            interface=Interfaces.WSGI,
            workers=int(str(options["processes"])),
            blocking_threads=threads,
            ssl_cert=options["certificate"],  # type: ignore[arg-type]  # a Path or None, by the parser
            ssl_key=options["key"],  # type: ignore[arg-type]
            backpressure=1024,
            log_access=False,
        ).serve()
