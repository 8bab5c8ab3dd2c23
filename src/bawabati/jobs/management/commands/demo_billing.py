"""`bawabati demo-billing URL KEY_FILE`: the demonstration's billing system has a key, and is told what happens."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.companies.reads import find_company
from bawabati.flows.keep_keys import make_key
from bawabati.flows.keep_webhooks import add_endpoint, end_endpoint
from bawabati.jobs.demo.key_files import keep_key
from bawabati.notices.reads import list_endpoints
from bawabati.notices.rules import EventKind
from bawabati.people.rules import ApiScope

COMPANY, OPERATOR, NAME = "oran", "operator@oran.example", "GESTAB"
SCOPES = (ApiScope.BILLS_READ, ApiScope.BILLS_WRITE, ApiScope.PAYMENTS_READ)


class Command(BaseCommand):
    """Safe to repeat: a key is made when the file holds none, an address added when it is not there."""

    help = "Connects the demonstration's billing system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it is told, and where its key is kept."""
        parser.add_argument("url", help="where it takes webhooks")
        parser.add_argument("key_file", type=Path, help="where its key is kept, made when it is missing")

    def handle(self, **options: object) -> None:
        """Prints `{"secret": …}`, null when the address was there."""
        company = find_company(COMPANY)
        if company is None:
            raise CommandError("The demonstration's company is not there.")
        now, url, file = timezone.now(), str(options["url"]), Path(str(options["key_file"]))
        if not file.exists():
            made = make_key(company_id=company.id, name=NAME, scopes=SCOPES, login=OPERATOR, now=now)
            keep_key(file, made.text)
        here = [endpoint for endpoint in list_endpoints(company.id) if "/billing/oran/webhooks" in endpoint.url]
        for endpoint in here:
            if endpoint.url != url:  # the sandbox came to another port
                end_endpoint(company_id=company.id, endpoint_id=endpoint.id, login=OPERATOR, now=now)
        secret = None
        if all(endpoint.url != url for endpoint in here):
            kinds = [kind.value for kind in EventKind]
            secret = add_endpoint(company_id=company.id, url=url, kinds=kinds, login=OPERATOR, now=now).secret
        self.stdout.write(json.dumps({"secret": secret}))
