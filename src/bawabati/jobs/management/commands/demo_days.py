"""`bawabati demo-days`: three past days of the demonstration's first company, so that there is something to close."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.jobs.demo.past_days import play_past_days


class Command(BaseCommand):
    """Made for the demonstration. Safe to repeat: nothing happens where money has moved before."""

    help = "Plays three past days at a desk: cash, signed days, payment files, closed days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose days, and where."""
        parser.add_argument("--company", default="oran")
        parser.add_argument("--desk", default="OC-C3")

    def handle(self, **options: object) -> None:
        """Prints how many days were played."""
        company = company_of(options["company"])
        people = {role: staff_of(f"{role}@{company.code}.example") for role in ("cashier", "head", "finance")}
        with saying_why_not():
            days = play_past_days(company=company, desk_code=str(options["desk"]), now=timezone.now(), **people)
        self.stdout.write(f"{days} days were played.")
