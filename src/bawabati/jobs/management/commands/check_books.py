"""`bawabati check-books`: names every difference, and exits 1 when there is one."""

import json
from argparse import ArgumentParser
from datetime import timedelta

import httpx
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.check_books import (
    Difference,
    IssuerOrder,
    check_against_gateway,
    check_against_issuer,
    check_books,
    check_what_ended,
)
from bawabati.flows.keep_pulse import keep_pulse
from bawabati.jobs.arguments import days_of, minutes_of

ISSUER_SECONDS = 30


class Command(BaseCommand):
    """Changes nothing but the note of what it found, for the health page; safe at any time, on a live system."""

    help = "Compares books, payments, receipts, bills and holds; the gateway and an issuer where asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What else to compare with."""
        parser.add_argument("--gateway-days", type=int, default=0, help="also ask the gateway about orders this young")
        parser.add_argument("--minutes", type=int, default=0, help="only what ended in the last so many minutes")
        parser.add_argument("--times", action="store_true", help="say how long each check of the database took")
        parser.add_argument("--issuer", help="also read an issuer's orders from this address (the sandbox has one)")

    def handle(self, **options: object) -> None:
        """Prints a line for each difference: check, invariant, where, what."""
        now, days = timezone.now(), days_of(options["gateway_days"], least=0)
        if minutes := minutes_of(options["minutes"]):
            differences = check_what_ended(since=now - timedelta(minutes=minutes), now=now)
        else:
            tell_time = self._say_time if options["times"] else lambda _check, _took: None
            differences = check_books(now=now, tell_time=tell_time)
            keep_pulse("books:all", seen={"differences": len(differences)}, now=now)
        if days:
            differences += check_against_gateway(since=now - timedelta(days=days))
        if address := options["issuer"]:
            differences += check_against_issuer(_issuer_orders(str(address)))
        for difference in differences:
            self.stdout.write(_line(difference))
        if differences:
            raise CommandError(f"{len(differences)} differences", returncode=1)
        self.stdout.write("The books agree.")

    def _say_time(self, check: str, took: float) -> None:
        self.stdout.write(f"{took:8.2f} s  {check}")


def _line(difference: Difference) -> str:
    company = "no company" if difference.company_id is None else f"company {difference.company_id}"
    where = f"{company}, {difference.reference}"
    return f"{difference.invariant} {difference.check}: {where}: {difference.finding}"


def _issuer_orders(address: str) -> list[IssuerOrder]:
    try:
        rows = httpx.get(address, timeout=ISSUER_SECONDS).raise_for_status().json()["orders"]
        return [
            IssuerOrder(
                reference=row["md_order"],
                captured_centimes=row["captured_centimes"],
                returned_centimes=row["returned_centimes"],
            )
            for row in rows
        ]
    except (httpx.HTTPError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise CommandError(f"the issuer at {address} cannot be read: {type(error).__name__}: {error}") from error
