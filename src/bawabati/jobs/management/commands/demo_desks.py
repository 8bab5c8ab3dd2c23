"""`bawabati demo-desks`: desks of the demonstration's first company, with readers of the sandbox."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.companies.models import Agency, Bridge
from bawabati.companies.reads import find_company, list_agencies, list_bridges
from bawabati.companies.rules import Protocol
from bawabati.errors import CannotDo
from bawabati.flows.enrol_bridge import make_enrolment_code
from bawabati.flows.keep_fleet import PlacedReader, keep_desk, keep_reader
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff


class Command(BaseCommand):
    """Safe to repeat: desks and readers come to stand as the file says."""

    help = "Sets up desks, card readers and their bridge for the demonstration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What stands where."""
        parser.add_argument("file", type=Path, help="JSON written by the launcher of the demonstration")

    def handle(self, **options: object) -> None:
        """Prints, as JSON, a one-time code for the bridge when the file asks for one."""
        wanted = json.loads(Path(str(options["file"])).read_text(encoding="utf-8"))
        company, operator = find_company(wanted["company"]), find_staff(wanted["operator"])
        if company is None or operator is None:
            raise CommandError("The demonstration's company is not there: run demo-company first.")
        agency = next(one for one in list_agencies(company.id) if one.code == wanted["agency"])
        code = self._code(agency, wanted, operator)
        bridge = next(one for one in list_bridges(agency_id=agency.id) if one.name == wanted["bridge"])
        try:
            for desk in wanted["desks"]:
                _keep(agency, bridge, desk, operator)
        except CannotDo as refusal:
            self.stderr.write(f"A desk stays as it is: {refusal}")  # a sale that is not over outlives a restart
        self.stdout.write(json.dumps({"code": code}))

    def _code(self, agency: Agency, wanted: Mapping[str, Any], operator: Staff) -> str:
        if not wanted["needs_code"]:
            return ""
        now = timezone.now()
        return make_enrolment_code(agency=agency, name=wanted["bridge"], login=operator.login, now=now)


def _keep(agency: Agency, bridge: Bridge, wanted: Mapping[str, Any], operator: Staff) -> None:
    now = timezone.now()
    desk = keep_desk(agency=agency, code=wanted["code"], name=wanted["name"], is_active=True, staff=operator, now=now)
    reader = wanted["reader"]
    protocol = Protocol(reader["protocol"])
    by_hand = protocol is Protocol.MANUAL
    facts = PlacedReader(
        serial=reader["serial"],
        model=reader["model"],
        is_active=True,
        protocol=protocol,
        desk_id=desk.id,
        bridge_id=None if by_hand else bridge.id,
        poi_id=reader.get("poi_id", ""),
        host=reader.get("host", ""),
        port=reader.get("port", 0),
        options=reader.get("options", {}),
    )
    keep_reader(agency=agency, facts=facts, passphrase=reader.get("passphrase", ""), staff=operator, now=now)
