"""`bawabati acceptance --company CODE --into DIR`: the acquirer's acceptance list, run in a browser, as a report."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.jobs.arguments import company_of


class Command(BaseCommand):
    """It pays real orders at whatever gateway the company is set to: the sandbox, or the certification environment."""

    help = "Runs the acquirer's acceptance list against a portal in a browser, and writes the report to hand over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose portal, with which cards and bills, and where the report goes."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--into", type=Path, required=True, help="folder of the report; made when missing")
        parser.add_argument("--portal", default=settings.PUBLIC_URL, help="address of the portal")
        parser.add_argument("--payment-number", action="append", default=[], help="a bill to pay; once for each bill")
        parser.add_argument("--deck", type=Path, help="cards in JSON (default: the published test deck)")
        parser.add_argument("--sandbox", default="", help="address of the sandbox, where it plays the acquirer")
        parser.add_argument("--email", default="", help="where the receipt of one payment is sent")
        parser.add_argument("--refund-asked-by", default="", help="login of a finance officer or agency head")
        parser.add_argument("--refund-approved-by", default="", help="login of another finance officer or a director")
        parser.add_argument("--only", action="append", default=[], help="a line's id, to repeat it; may be repeated")
        parser.add_argument("--browser", default="", help="path of a Chromium")

    def handle(self, **options: object) -> None:
        """Prints each line as it is checked. Exits with 1 when a line failed."""
        if find_spec("playwright") is None:
            raise CommandError(
                "The acceptance list needs a browser: pip install 'bawabati[acceptance]', and Chromium "
                "(Debian: apt-get install chromium)."
            )
        from bawabati.jobs.acceptance.cockpit import CannotRun, Wishes, run_cockpit  # noqa: PLC0415 - optional extra
        from bawabati.jobs.acceptance.lines import Result  # noqa: PLC0415

        company = company_of(options["company"])
        deck = options["deck"]
        wishes = Wishes(
            into=Path(str(options["into"])),
            portal=str(options["portal"]).rstrip("/"),
            payment_numbers=_texts(options["payment_number"]),
            deck=Path(str(deck)) if deck else None,
            sandbox=str(options["sandbox"]),
            email=str(options["email"]),
            refund_asked_by=str(options["refund_asked_by"]),
            refund_approved_by=str(options["refund_approved_by"]),
            only=_texts(options["only"]),
            browser=str(options["browser"]),
        )
        try:
            counts = run_cockpit(company, wishes, clock=timezone.now, tell=self.stdout.write)
        except CannotRun as refusal:
            raise CommandError(str(refusal)) from refusal
        if counts[Result.FAILED]:
            raise CommandError(f"{counts[Result.FAILED]} of the checked lines failed.", returncode=1)


def _texts(option: object) -> tuple[str, ...]:
    assert isinstance(option, list)  # noqa: S101 - argparse appends
    return tuple(map(str, option))
