"""`bawabati import-bills FILE --company CODE --as LOGIN`: takes a file of bills from the billing system."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.bills.reads import list_bad_lines
from bawabati.companies.models import Company
from bawabati.companies.reads import find_company
from bawabati.errors import CannotDo
from bawabati.flows.import_bills import ImportReport, import_bills
from bawabati.jobs.bill_answers import ResultsFile, write_bad_lines
from bawabati.jobs.progress_bar import ProgressBar
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

SOME_LINES_ARE_BAD = 3


class Command(BaseCommand):
    """Exit code 0: every line was taken. 3: some lines were bad, and stand in a file. 1: nothing was imported."""

    help = "Imports a file of bills. Safe to repeat: the same file changes nothing a second time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose it is, who answers for it, and what its sender says of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who imports")
        parser.add_argument("--format", choices=sorted(settings.BILLFILE_READERS), default="csv")
        parser.add_argument("--count", type=int, help="control total: how many lines the file has, head apart")
        parser.add_argument("--sum", type=_amount, help="control total: the sum that is due, in DA")
        parser.add_argument("--bad", type=Path, help="where bad lines go; beside the file by default")
        parser.add_argument("--results", type=Path, help="where the result of every line goes")

    def handle(self, **options: object) -> None:
        """Imports, and says what came of it."""
        path = Path(str(options["file"]))
        company = _company(str(options["company"]))
        try:
            report = self._import(path, company, options)
        except CannotDo as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}") from error
        self._say(report)
        if report.batch.bad_count and not report.was_known:
            bad = options["bad"] or path.with_name(f"{path.stem}.bad.csv")
            self._point_at_bad_lines(report, Path(str(bad)))

    def _import(self, path: Path, company: Company, options: dict[str, object]) -> ImportReport:
        now = timezone.now()
        staff = get_staff_allowed(login=str(options["login"]), action=Action.IMPORT_BILLS, company_id=company.id)
        with ExitStack() as stack:
            bar = stack.enter_context(ProgressBar(sys.stderr, says="Reading", then="Merging"))
            results = stack.enter_context(ResultsFile(Path(str(options["results"])))) if options["results"] else None
            return import_bills(
                company=company,
                path=path,
                reader_name=str(options["format"]),
                received_by=staff,
                now=now,
                expected_count=options["count"],  # type: ignore[arg-type]  # an int or None, by the parser
                expected_sum=options["sum"],  # type: ignore[arg-type]  # Money or None, by the parser
                progress=bar.show,
                tell_result=results.write if results else None,
            )

    def _say(self, report: ImportReport) -> None:
        batch = report.batch
        if report.was_known:
            received = timezone.localtime(batch.received_at).strftime("%d/%m/%Y %H:%M")
            self.stdout.write(f"This very file was received on {received} ({batch.file_name}). Nothing has changed.")
            return
        self.stdout.write(
            f"{batch.line_count} lines: {batch.created_count} new bills, {batch.changed_count} changed, "
            f"{batch.unchanged_count} unchanged, {batch.bad_count} bad. "
            f"{figures(Money(batch.due_centimes), 'en')} DA are due on the good ones."
        )
        if report.lowered:
            self.stdout.write(f"{report.lowered} bills were lowered below what was paid: a case is open for each.")
        if report.ignored_columns:
            self.stdout.write(f"Columns without a meaning here: {', '.join(report.ignored_columns)}.")

    def _point_at_bad_lines(self, report: ImportReport, path: Path) -> None:
        reasons: Counter[str] = Counter()
        write_bad_lines(path, report=report, lines=list_bad_lines(report.batch.id), count=reasons)
        for reason, count in reasons.most_common():
            self.stderr.write(f"  {count} × {reason}")
        self.stderr.write(f"The bad lines are in {path}. Correct them there and import that file.")
        sys.exit(SOME_LINES_ARE_BAD)


def _company(code: str) -> Company:
    company = find_company(code)
    if company is None:
        raise CommandError(f"There is no company with the code {code}.")
    return company


def _amount(text: str) -> Money:
    try:
        return parse_amount(text)
    except CannotDo as refusal:
        raise ArgumentTypeError(str(refusal)) from refusal
