"""`bawabati demo-company`: two fictional companies that can take payments at the sandbox."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.bills.rules import LookupFactor
from bawabati.companies.reads import find_company
from bawabati.flows.change_debt_rules import change_debt_rules
from bawabati.flows.set_up_company import set_up_company
from bawabati.jobs.demo.companies import demo_companies
from bawabati.jobs.demo.past_weeks import WEEKS
from bawabati.people.reads import list_who_may
from bawabati.people.rules import Action


class Command(BaseCommand):
    """Safe to repeat: each time, the companies take the sandbox's present address. A real company is left alone."""

    help = "Sets up the demonstration's companies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the sandbox is."""
        parser.add_argument("--sandbox-url", required=True, help="e.g. http://127.0.0.1:8081")

    def handle(self, **options: object) -> None:
        """Sets them up."""
        url = str(options["sandbox_url"])
        if not url.startswith(("http://", "https://")):
            raise CommandError("--sandbox-url is an address that begins with http:// or https://")
        companies = demo_companies(sandbox_url=url)
        for company in companies:
            known = find_company(company.code)
            if known is not None and known.nif != company.facts.nif:
                raise CommandError(f"{company.code} is a company of its own, not the demonstration's: nothing changed.")
        for company in companies:
            # A new one has been there for a while: its terms hold since before the payers of its past weeks.
            joined = timezone.now() - (timedelta() if find_company(company.code) else timedelta(weeks=WEEKS + 1))
            grant_to_debtors(set_up_company(company, set_up_by=None, now=joined).id)
            self.stdout.write(f"{company.code}: {company.facts.name_fr}, {len(company.agencies)} agencies")


def grant_to_debtors(company_id: int) -> None:
    """Debts are found by the number of an older bill, and paid in up to twelve instalments."""
    for administrator in list_who_may(Action.CHANGE_COMPANY, company_id=company_id)[:1]:
        change_debt_rules(
            company_id=company_id,
            lookup_factor=LookupFactor.OLDER_NUMBER,
            oldest_first_only=False,
            numbers={
                "instalments_most": 12,
                "instalments_from_centimes": 2_000_00,
                "first_percent": 30,
                "late_after_days": 3,
                "broken_after_days": 30,
            },
            staff=administrator,
            now=timezone.now(),
        )
