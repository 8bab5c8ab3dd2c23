"""`bawabati demo-days`: past days of the demonstration's first company: something to close, something to look at."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.jobs.demo.past_days import close_past_days, play_past_days
from bawabati.jobs.demo.past_weeks import play_past_weeks

CAST = ("administrator", "operator", "director", "finance", "communication")


class Command(BaseCommand):
    """Made for the demonstration. Safe to repeat: what is played already is not played again."""

    help = "Plays three past days at a desk, signed and closed; with --weeks, eight weeks of payers before them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose days, and where."""
        parser.add_argument("--company", default="oran")
        parser.add_argument("--desk", default="OC-C3")
        parser.add_argument("--weeks", action="store_true", help="also the weeks before, online and in agencies")
        parser.add_argument("--leave-open", action="store_true", help="the company closes none of the three days yet")

    def handle(self, **options: object) -> None:
        """Prints how many days and payments were played."""
        company, now = company_of(options["company"]), timezone.now()
        with saying_why_not():
            people = {role: staff_of(f"{role}@{company.code}.example") for role in ("cashier", "head")}
            days = play_past_days(company=company, desk_code=str(options["desk"]), now=now, **people)
            self.stdout.write(f"{days} days were played.")
            payments = 0
            if options["weeks"]:
                cast = {role: staff_of(f"{role}@{company.code}.example") for role in CAST}
                payments = play_past_weeks(company=company, now=now, **cast)
                self.stdout.write(f"{payments} payments of past weeks.")
            if (days or payments) and not options["leave_open"]:
                close_past_days(company=company, finance=staff_of(f"finance@{company.code}.example"), now=now)
