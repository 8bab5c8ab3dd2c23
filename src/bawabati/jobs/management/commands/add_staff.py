"""`bawabati add-staff LOGIN --name NAME --role ROLE`: an account with a role; without `--as` the very first one."""

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from bawabati.companies.models import Agency, Company
from bawabati.companies.reads import list_agencies
from bawabati.flows.add_staff import add_staff
from bawabati.jobs.arguments import company_of, saying_why_not
from bawabati.people.rules import AskingPersonNeeded, Role


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Adds a person with a role. The first person of an installation needs nobody's leave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what that person is."""
        parser.add_argument("new_login", metavar="LOGIN", help="the person's e-mail address")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", choices=sorted(Role), required=True)
        parser.add_argument("--company", help="code of the company; without it the role holds in every company")
        parser.add_argument("--agency", help="code of an agency of the company; without it the role holds in all of it")
        parser.add_argument("--language", choices=["ar", "fr", "en"], default="ar")
        parser.add_argument("--as", dest="login", help="login of the administrator who does it; the first has none")

    def handle(self, **options: object) -> None:
        """Adds the person."""
        login = str(options["new_login"])
        try:
            validate_email(login)
        except ValidationError as error:
            raise CommandError(f"{login} is not an e-mail address.") from error
        company = company_of(options["company"]) if options["company"] else None
        agency = self._agency(company, options["agency"])
        with saying_why_not():
            try:
                staff = add_staff(
                    login=login,
                    name=str(options["name"]),
                    language=str(options["language"]),
                    role=Role(str(options["role"])),
                    company=company,
                    agency=agency,
                    asked_by=str(options["login"]) if options["login"] else None,
                    now=timezone.now(),
                )
            except AskingPersonNeeded as needed:
                raise CommandError(f"{needed} (--as LOGIN)") from needed
        where = f"agency {agency.code}" if agency else company.code if company else "every company"
        self.stdout.write(f"{staff.login}: {staff.name}, {options['role']} in {where}.")

    @staticmethod
    def _agency(company: Company | None, code: object) -> Agency | None:
        if not code:
            return None
        if company is None:
            raise CommandError("An agency is one of a company: --company CODE.")
        agency = next((one for one in list_agencies(company.id) if one.code == str(code)), None)
        if agency is None:
            raise CommandError(f"{company.code} has no agency with the code {code}.")
        return agency
