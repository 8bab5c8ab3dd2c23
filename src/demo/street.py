"""The order in which the demo's programs come up, and what each is told about the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo.certificate import make_certificate
from demo.children import Children
from demo.desks import Desks, open_desks
from demo.ports import LOOPBACK, free_port, is_free

_BAWABATI = ("-m", "bawabati.config.commands")
_BILLS = {"oran": 2400, "tafna": 600}
"""Of each company; the first one's past is paid with them, too."""
_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever starts the demo asked for."""

    state: Path
    portal_port: int
    sandbox_port: int
    smtp_port: int
    tls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BillToPay:
    """A bill that can be paid now."""

    payment_number: str
    amount: str
    """In dinars, as a payer reads it."""
    second_value: str
    """What the company asks for beside the number; empty when it asks for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """Everything is up: where it is, and what to try first."""

    portal_url: str
    sandbox_url: str
    bill: BillToPay
    desks: Desks
    certificate: Path | None


def choose_ports(wishes: Wishes, *, say: Callable[[str], None]) -> tuple[int, int, int]:
    """The ports asked for, or free ones in their place, which is said."""
    chosen: list[int] = []
    for name, wished in (
        ("the portal", wishes.portal_port),
        ("the sandbox", wishes.sandbox_port),
        ("the sandbox's mail", wishes.smtp_port),
    ):
        port = wished
        if wished in chosen or not is_free(wished):
            port = free_port(but={wishes.portal_port, wishes.sandbox_port, wishes.smtp_port, *chosen})
            say(f"Port {wished} is taken: {name} comes to {port}.")
        chosen.append(port)
    portal, sandbox, smtp = chosen
    return portal, sandbox, smtp


def build_street(children: Children, wishes: Wishes, *, say: Callable[[str], None]) -> Street:
    """Starts everything and waits until it answers. Safe to repeat: what the state folder holds stays."""
    portal_port, sandbox_port, smtp_port = choose_ports(wishes, say=say)
    scheme = "https" if wishes.tls else "http"
    portal_url, sandbox_url = f"{scheme}://{LOOPBACK}:{portal_port}", f"http://{LOOPBACK}:{sandbox_port}"
    certificate = make_certificate(wishes.state, now=datetime.now(UTC)) if wishes.tls else None

    say("Starting PostgreSQL and the sandbox …")
    database = _start_postgres(children, state=wishes.state)
    sandbox = _start_sandbox(children, wishes=wishes, http_port=sandbox_port, smtp_port=smtp_port)
    # Only whoever makes the tables gets the owner's password.
    owner = {name: children.settings.pop(name) for name in ("DATABASE_OWNER_URL",) if name in children.settings}
    if database is not None:
        process, announcement = database
        children.wait_for(process, until=announcement.exists)
        addresses = _addresses_in(announcement)
        children.settings["DATABASE_URL"] = addresses["DATABASE_URL"]
        owner = {"DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"]}
    children.settings |= {
        "BAWABATI_STATE": str(wishes.state),
        "BAWABATI_SECRET_KEY_FILE": str(_secret_key_file(wishes.state)),
        "BAWABATI_PUBLIC_URL": portal_url,
        "BAWABATI_TLS": "1" if wishes.tls else "0",
        "BAWABATI_EMAIL_URL": f"smtp://{LOOPBACK}:{smtp_port}",
        "BAWABATI_EMAIL_FROM": "bawabati@demo.example",
        "BAWABATI_SMS_URL": f"{sandbox_url}/sms/messages",
        "BAWABATI_SMS_KEY": "demo",
        "BAWABATI_WEBHOOK_OPEN_HOSTS": f"{LOOPBACK}:{sandbox_port}",
        "BAWABATI_PASSKEYS_REQUIRED": "0",  # browsers offer none at a bare address
    }
    say("Preparing the companies and their bills …")
    children.run("setup-database", *_BAWABATI, "setup-database", **owner)
    tls = () if certificate is None else ("--certificate", str(certificate[0]), "--key", str(certificate[1]))
    portal = children.start("portal", *_BAWABATI, "serve", "--port", str(portal_port), *tls)
    children.start("worker", *_BAWABATI, "worker")
    children.run("demo-company", *_BAWABATI, "demo-company", "--sandbox-url", sandbox_url)
    children.run("demo-staff", *_BAWABATI, "demo-staff", str(_people_file(wishes.state)))
    bill = _bring_bills(children, state=wishes.state)

    say("Opening the doors …")
    children.wait_for(sandbox, until=lambda: answers(sandbox_url))
    children.wait_for(portal, until=lambda: answers(portal_url, certificate=certificate and certificate[0]))
    desks = open_desks(
        children,
        state=wishes.state,
        portal_url=portal_url,
        sandbox_url=sandbox_url,
        certificate=certificate and certificate[0],
    )
