"""`bawabati demo-channel KEY_FILE`: a bank's application takes money for the demonstration's first company."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.keep_keys import make_key
from bawabati.jobs.arguments import company_of, saying_why_not, staff_of
from bawabati.jobs.demo.channel import NAME, play_channel_day
from bawabati.jobs.demo.key_files import keep_key
from bawabati.people.rules import ApiScope


class Command(BaseCommand):
    """Safe to repeat: a key is made when the file holds none, a day is played when the channel is not known."""

    help = "Lets a bank's application take money in the demonstration, and plays its yesterday."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where its key is kept, and for whom it takes money."""
        parser.add_argument("key_file", type=Path, help="where its key is kept, made when it is missing")
        parser.add_argument("--company", default="oran")

    def handle(self, **options: object) -> None:
        """Says whether a day was played."""
        company, now, file = company_of(options["company"]), timezone.now(), Path(str(options["key_file"]))
        with saying_why_not():
            if not file.exists():
                made = make_key(
                    company_id=company.id,
                    name=NAME,
                    scopes=[ApiScope.CHANNEL],
                    channel_name=NAME,
                    login=f"operator@{company.code}.example",
                    now=now,
                )
                keep_key(file, made.text)
            finance = staff_of(f"finance@{company.code}.example")
            if play_channel_day(company=company, finance=finance, now=now):
                self.stdout.write("A day of the channel was played.")
