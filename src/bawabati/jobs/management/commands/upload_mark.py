"""`bawabati upload-mark FILE --company CODE --licence TEXT --as LOGIN`: the mark on the button that pays."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.upload_mark import take_mark_down, upload_mark
from bawabati.jobs.arguments import company_of, saying_why_not


class Command(BaseCommand):
    """Safe to repeat; another file takes the place of the one before."""

    help = "Shows the CIB and Edahabia mark, from the file that the company was licensed to use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file with its licence, or that there is to be none."""
        parser.add_argument("file", type=Path, nargs="?", help="PNG or plain SVG, at most 64 KB")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--licence", default="", help="who allowed its use, when, and for what")
        parser.add_argument("--remove", action="store_true", help="show neutral text again")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who does it")

    def handle(self, **options: object) -> None:
        """Shows or removes it."""
        if bool(options["file"]) == bool(options["remove"]):
            raise CommandError("Name either a file or --remove.")
        company, login, now = company_of(options["company"]), str(options["login"]), timezone.now()
        with saying_why_not():
            if options["remove"]:
                take_mark_down(company=company, login=login, now=now)
                self.stdout.write(f"{company.code} shows neutral text again.")
                return
            content = Path(str(options["file"])).read_bytes()
            upload_mark(company=company, content=content, licence=str(options["licence"]), login=login, now=now)
        self.stdout.write(f"{company.code} shows this mark from now on.")
