"""`bawabati list-cases`: everything that waits for a person, the earliest promise first."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from bawabati.cases.models import Case
from bawabati.cases.reads import list_open_cases
from bawabati.jobs.arguments import company_of
from bawabati.money.amount import Money
from bawabati.money.display import with_currency


class Command(BaseCommand):
    """Changes nothing."""

    help = "Lists open cases: number, company, what it is about, owner, promised day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose cases."""
        parser.add_argument("--company", help="code of one company; all of them where it is not given")

    def handle(self, **options: object) -> None:
        """One line for each."""
        company_id = company_of(options["company"]).id if options["company"] else None
        nothing_waits = True
        for case in list_open_cases(company_id=company_id):
            nothing_waits = False
            self.stdout.write(
                f"{case.id} {case.company.code} {case.kind} {case.reference} {_money(case.amount_centimes)}, "
                f"owner {case.owner.login}, promised by {case.promised_on:%d/%m/%Y}{known_of(case)}"
            )
        if nothing_waits:
            self.stdout.write("No case is open.")


def known_of(case: Case) -> str:
    """What decides what to do about it, where the case knows it."""
    known = []
    if choice := case.details.get("payer_chose"):
        known.append(f"the payer chose: {choice}")
    if (held := case.details.get("held_centimes")) is not None:
        known.append(f"the gateway holds {_money(held)}")
    return "".join(f", {each}" for each in known)


def _money(centimes: int) -> str:
    return with_currency(Money(centimes), "en")
