"""`bawabati invite-staff LOGIN`: a link by which a person with an account sets a password."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.invite_staff import invite_staff
from bawabati.jobs.arguments import saying_why_not
from bawabati.links import invitation_address
from bawabati.money.dates import display_moment
from bawabati.people.rules import AskingPersonNeeded


class Command(BaseCommand):
    """Each call makes a new link, and earlier ones open nothing any more."""

    help = "Invites a person to set a password: prints the link, and sends it by e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and who does it."""
        parser.add_argument("person", metavar="LOGIN", help="the person's e-mail address, added by add-staff")
        parser.add_argument("--no-letter", action="store_true", help="only print the link")
        parser.add_argument("--as", dest="login", help="login of the administrator who invites; the first has none")

    def handle(self, **options: object) -> None:
        """Invites the person."""
        login = str(options["login"]) if options["login"] else None
        with saying_why_not():
            try:
                invitation = invite_staff(
                    person_login=str(options["person"]),
                    login=login,
                    by_letter=not options["no_letter"],
                    now=timezone.now(),
                )
            except AskingPersonNeeded as needed:
                raise CommandError(f"{needed} (--as LOGIN)") from needed
        staff = invitation.staff
        self.stdout.write(f"For {staff.name}, once, until {display_moment(invitation.expires_at)}:")
        self.stdout.write(invitation_address(invitation.id, language=staff.language))
