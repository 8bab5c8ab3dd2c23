"""`bawabati close-day --company CODE --day DAY --as LOGIN`: a day of the company is closed for good."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.close_day import close_company_day, see_company_day
from bawabati.jobs.arguments import company_of, day_of, saying_why_not, staff_of
from bawabati.reports.reads import next_day_to_close
from bawabati.reports.rules import NotExplained


class Command(BaseCommand):
    """Safe to repeat: a closed day stays as it is."""

    help = "Closes an accounting day, or every open day up to one: sources agree, or each difference has an owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which days, who closes, and who sees to what does not agree."""
        parser.add_argument("--company", required=True, help="code of the company")
        days = parser.add_mutually_exclusive_group(required=True)
        days.add_argument("--day", help="the day, e.g. 2026-11-22")
        days.add_argument("--up-to", help="every day that is still open, up to this one")
        parser.add_argument("--owner", default="", help="login of whoever sees to differences that nobody has yet")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who closes")

    def handle(self, **options: object) -> None:
        """Prints the number of each certificate, or what keeps a day open."""
        company, staff, now = company_of(options["company"]), staff_of(options["login"]), timezone.now()
        owner = str(options["owner"])
        for day in _days(company.id, options["day"], options["up_to"]):
            owners = {one.key: owner for one in see_company_day(company_id=company.id, day=day).unowned if owner}
            try:
                with saying_why_not():
                    closing = close_company_day(company_id=company.id, day=day, staff=staff, owners=owners, now=now)
            except CommandError as refusal:
                if isinstance(refusal.__cause__, NotExplained):
                    self._say_what(company.id, day)
                raise
            self.stdout.write(f"{day} is closed: certificate {closing.number}, {closing.sha256}.")

    def _say_what(self, company_id: int, day: date) -> None:
        for difference in see_company_day(company_id=company_id, day=day).unowned:
            self.stderr.write(f"{day} {difference.key}: {difference.amount_centimes} centimes, nobody sees to it.")


def _days(company_id: int, single: object, up_to: object) -> Iterable[date]:
    if single:
        return [day_of(single)]
    first, last = next_day_to_close(company_id), day_of(up_to)
    return [] if first is None else [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
