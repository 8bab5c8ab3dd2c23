"""`bawabati change-gateway-account --company CODE … --as LOGIN`: asks for other values of the merchant account."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.flows.ask_change import GatewayChange, ask_gateway_change
from bawabati.jobs.arguments import company_of, saying_why_not
from bawabati.jobs.change_words import lines_of
from bawabati.jobs.password_source import NoPassword, read_password


class Command(BaseCommand):
    """Changes nothing yet: another person does, with `approve-change`."""

    help = "Asks for a change of a company's merchant account. Another person has to approve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to become different; the rest stays."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--base-url")
        parser.add_argument("--user-name")
        parser.add_argument("--terminal-id")
        parser.add_argument(
            "--page-host", action="append", help="where the gateway may send the payer; may be repeated"
        )
        parser.add_argument("--password-file", type=Path, help="a file that holds the new password and nothing else")
        parser.add_argument("--password-variable", default="", help="the environment's variable that holds it")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who asks")

    def handle(self, **options: object) -> None:
        """Says what was asked for, and what has to happen next."""
        hosts = options["page_host"]
        with saying_why_not():
            pending = ask_gateway_change(
                company=company_of(options["company"]),
                change=GatewayChange(
                    base_url=_given(options["base_url"]),
                    user_name=_given(options["user_name"]),
                    terminal_id=_given(options["terminal_id"]),
                    page_hosts=[str(host) for host in hosts] if isinstance(hosts, list) else None,
                    password=_password(options),
                ),
                login=str(options["login"]),
                now=timezone.now(),
            )
        for line in lines_of(pending):
            self.stdout.write(f"  {line}")
        self.stdout.write(f"Nothing has changed yet. Another person: bawabati approve-change {pending.id} --as LOGIN")


def _given(value: object) -> str | None:
    return None if value is None else str(value)


def _password(options: dict[str, object]) -> str | None:
    file, variable = options["password_file"], str(options["password_variable"])
    if not file and not variable:
        return None
    try:
        return read_password(file=Path(str(file)) if file else None, variable=variable)
    except NoPassword as missing:
        raise CommandError(f"--password-{'file' if file else 'variable'} {missing}") from missing
