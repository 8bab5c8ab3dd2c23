"""`bawabati list-differences --company CODE`: what the acquirer, the bank and our books do not agree about."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand

from bawabati.jobs.arguments import company_of
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.settlement.models import Difference
from bawabati.settlement.reads import open_differences


class Command(BaseCommand):
    """Changes nothing."""

    help = "Lists open differences: number, day, kind, what it is about, sum, owner, promised day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and of which day."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; every day where it is not given")

    def handle(self, **options: object) -> None:
        """One line for each."""
        day = options["day"] if isinstance(options["day"], date) else None
        found = open_differences(company_id=company_of(options["company"]).id, day=day)
        for item in found:
            owner = item.owner.login if item.owner else "nobody"
            promised = f"{item.promised_on:%d/%m/%Y}" if item.promised_on else "no day"
            self.stdout.write(
                f"{item.id} {item.day:%d/%m/%Y} {item.kind} {item.reference} {_money(item)}, {item.state}, "
                f"owner {owner}, promised by {promised}"
            )
        if not found:
            self.stdout.write("No difference is open.")


def _money(item: Difference) -> str:
    sign = "-" if item.amount_centimes < 0 else ""
    return sign + with_currency(Money(abs(item.amount_centimes)), "en")
