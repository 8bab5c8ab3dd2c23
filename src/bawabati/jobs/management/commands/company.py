"""`bawabati company add [FILE] --as LOGIN`: a company joins; `missing`, `open` and `close` see it to its payers."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.companies.rules import Standing, is_ready
from bawabati.flows.add_company import add_company
from bawabati.flows.bring_in_company import DescriptionWrong, bring_in_company
from bawabati.flows.change_company import OPENING, close_company, look_of, open_company
from bawabati.flows.steps.readiness import readiness_of
from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.jobs.company_file import read_company_file
from bawabati.jobs.company_questions import Questions
from bawabati.links import invitation_address, site
from bawabati.money.dates import display_moment


class Command(BaseCommand):
    """With a file `add` is safe to repeat, and brings the company up to date; with questions it makes a new one."""

    help = "Adds a company by a few questions, or from its description; says what it lacks; opens and closes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done, with which company, and who answers for it."""
        parser.add_argument("act", choices=["add", "missing", "open", "close"])
        parser.add_argument(
            "what", nargs="?", default="", metavar="FILE or CODE", help="a description; a company's code"
        )
        parser.add_argument("--because", default="", help="why it opens or closes")
        parser.add_argument("--as", dest="login", help="login of the person who does it")

    def handle(self, **options: object) -> None:
        """Does it, and says what comes next."""
        act, what, login = str(options["act"]), str(options["what"]), str(options["login"] or "")
        if act == "missing":
            self._missing(what)
            return
        if not login:
            raise CommandError("Say who does it: --as LOGIN.")
        with saying_why_not():
            if act != "add":
                self._open_or_close(act, what, login, str(options["because"]))
            elif what:
                self._bring_in(Path(what), login)
            else:
                self._ask(login)

    def _ask(self, login: str) -> None:
        questions = Questions(ask=input, say=self.stdout.write)
        try:
            new = questions.company()
            if not questions.is_sure(f"Add {new.facts.name_fr} as {new.code}?"):
                raise CommandError("Nothing was changed.")
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Not every question was answered. Nothing was changed.") from None
        company, invitation = add_company(new, login=login, now=timezone.now())
        self.stdout.write(f"{company.code} was added. It is closed: payers do not see it yet.")
        if invitation is not None:
            self.stdout.write(f"For {new.administrator.name}, once, until {display_moment(invitation.expires_at)}:")
            self.stdout.write(invitation_address(invitation.id, language=new.administrator.language))
        self.stdout.write(f"Then: {site()}/{new.administrator.language}/office/companies/ready/")
        self._missing(company.code)

    def _bring_in(self, path: Path, login: str) -> None:
        try:
            description = read_company_file(path)
            changes = bring_in_company(description, login=login, now=timezone.now())
        except DescriptionWrong as wrong:
            for mistake in wrong.mistakes:
                self.stderr.write(f"  {mistake.place} {mistake.problem}")
            count = len(wrong.mistakes)
            raise CommandError(f"{path}: {count} mistake{'s' if count > 1 else ''}. Nothing was changed.") from wrong
        for change in changes:
            self.stdout.write(f"  {change}")
        said = f"{len(changes)} change{'s' if len(changes) > 1 else ''}" if changes else "nothing had to be changed"
        self.stdout.write(f"{description.code}: {said}.")

    def _open_or_close(self, act: str, code: str, login: str, because: str) -> None:
        company, change = company_of(code), open_company if act == "open" else close_company
        change(
            company_id=company.id,
            because=because,
            seen=look_of(company, OPENING),
            staff=staff_of(login),
            now=timezone.now(),
        )
        self.stdout.write(f"{code} is {'open' if act == 'open' else 'closed'} to new payments.")

    def _missing(self, code: str) -> None:
        company = company_of(code)
        standings = readiness_of(company, now=timezone.now())
        for standing in standings:
            self.stdout.write(f"  {_mark(standing)} {standing.point.replace('_', ' ')}")
        opened = "It is open." if company.is_open else "It may open." if is_ready(standings) else "It cannot open yet."
        self.stdout.write(f"{code}: {opened}")


def _mark(standing: Standing) -> str:
    return "there  " if standing.is_done else "needed " if standing.is_needed else "better "
