"""`bawabati demo-staff FILE`: the demonstration's people can sign in, with what everybody knows."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.change_cashier import set_desk_pin
from bawabati.flows.invite_staff import invite_staff
from bawabati.flows.set_password import accept_invitation
from bawabati.flows.set_up_factor import set_up_totp
from bawabati.jobs.arguments import saying_why_not
from bawabati.people.reads import find_staff, has_anybody_signed_in

OF_THE_DEMONSTRATION = ".example"
STEP_SECONDS = 30


class Command(BaseCommand):
    """Safe to repeat. They come in as everybody does: invited by the first of them, who was invited by nobody."""

    help = "Lets the demonstration's people sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who they are."""
        parser.add_argument("file", type=Path, help="JSON: a list of login, password, device and pin")

    def handle(self, **options: object) -> None:
        """Lets them in, one after the other."""
        with saying_why_not():
            people = json.loads(Path(str(options["file"])).read_text(encoding="utf-8"))
            for person in people:
                if not person["login"].endswith(OF_THE_DEMONSTRATION):
                    raise CommandError(f"{person['login']} is nobody of the demonstration: nothing changed.")
            for person in people:
                self._let_in(person, first=people[0]["login"])

    def _let_in(self, person: Mapping[str, str], *, first: str) -> None:
        staff, now = find_staff(person["login"]), timezone.now()
        if staff is None:
            raise CommandError(f"{person['login']} has no account: run demo-company first.")
        if staff.has_usable_password():
            return
        by = first if has_anybody_signed_in() else None
        invitation = invite_staff(person_login=staff.login, login=by, by_letter=False, now=now)
        staff = accept_invitation(invitation_id=invitation.id, password=person["password"], now=now)
        secret = person["device"]
        code = format_hotp_value(hotp_value(secret, int(now.timestamp()) // STEP_SECONDS))
        set_up_totp(staff=staff, secret=secret, code=code, now=now)
        if person["pin"]:
            set_desk_pin(staff=staff, pin=person["pin"], now=now)
        self.stdout.write(f"{staff.login} can sign in.")
