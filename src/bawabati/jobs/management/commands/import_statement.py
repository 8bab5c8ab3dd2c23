"""`bawabati import-statement FILE --company CODE --profile NAME --as LOGIN`: takes a file of acquirer or bank."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.errors import CannotDo
from bawabati.flows.import_statement import Imported, import_statement, prepare_profiles
from bawabati.flows.match_statement import match_statement
from bawabati.flows.preview_statement import preview_statement
from bawabati.jobs.arguments import company_of
from bawabati.jobs.progress_bar import ProgressBar
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.settlement.reads import count_open_differences, find_profile, list_profiles
from bawabati.settlement.rules import BadLines, NoSuchProfile


class Command(BaseCommand):
    """Exit code 0: the file was taken, or had been taken before. 1: nothing of it was kept."""

    help = "Takes a file of the acquirer or of the bank and compares it with our books. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose it is, how it is read, and who answers for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument(
            "--profile", required=True, help="satim, satim-xlsx, bank, bank-xlsx, bank-mt940, or your own"
        )
        parser.add_argument("--as", dest="login", required=True, help="login of the person who imports")
        parser.add_argument("--keep-bad-lines", action="store_true", help="keep lines that cannot be read as items")

    def handle(self, **options: object) -> None:
        """Imports, compares, and says what came of it."""
        path, now = Path(str(options["file"])), timezone.now()
        company = company_of(options["company"])
        try:
            staff = get_staff_allowed(
                login=str(options["login"]), action=Action.IMPORT_STATEMENTS, company_id=company.id
            )
            prepare_profiles(company_id=company.id, staff=staff, now=now)
            profile = find_profile(company_id=company.id, code=str(options["profile"]))
            if profile is None:
                own = ", ".join(one.code for one in list_profiles(company_id=company.id))
                raise CommandError(f"{NoSuchProfile.sentence} ({own})")
            named = {"company_id": company.id, "profile_id": profile.id, "file_name": path.name, "path": path}
            try:
                with ExitStack() as stack:
                    bar = stack.enter_context(ProgressBar(sys.stderr, says="Reading", then="Keeping"))
                    imported = import_statement(
                        **named,  # type: ignore[arg-type]  # each is what its name says
                        staff=staff,
                        now=now,
                        keep_bad_lines=bool(options["keep_bad_lines"]),
                        progress=bar.show,
                    )
            except BadLines:
                preview = preview_statement(**named, staff=staff, now=now)  # type: ignore[arg-type]  # as above
                for line in preview.bad:
                    self.stderr.write(f"  line {line.line_number}: {line.reason} {line.detail}".rstrip())
                raise
            match_statement(statement_id=imported.statement.id, now=timezone.now())
        except CannotDo as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}") from error
        self._say(imported)

    def _say(self, imported: Imported) -> None:
        statement = imported.statement
        if imported.was_known:
            received = timezone.localtime(statement.received_at).strftime("%d/%m/%Y %H:%M")
            self.stdout.write(
                f"This very file was received on {received} ({statement.file_name}). Nothing has changed."
            )
            return
        self.stdout.write(
            f"{statement.line_count} lines of {statement.day:%d/%m/%Y}: {statement.repeated_count} told before, "
            f"{statement.bad_count} bad."
        )
        for kind, count in sorted(count_open_differences(company_id=statement.company_id).items()):
            self.stdout.write(f"  {count} × {kind}")
