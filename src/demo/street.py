"""The order in which the demo's programs come up, and what each is told about the others."""

from __future__ import annotations

import json
import os
import secrets
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo.certificate import make_certificate
from demo.children import Child, Children
from demo.desks import Desks, place_desks
from demo.ports import LOOPBACK, free_port, is_free
from demo.steps import BAWABATI, in_one_process

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
    """Starts what a payer needs and waits until it answers. Safe to repeat: what the state folder holds stays."""
    portal_port, sandbox_port, smtp_port = choose_ports(wishes, say=say)
    scheme = "https" if wishes.tls else "http"
    portal_url, sandbox_url = f"{scheme}://{LOOPBACK}:{portal_port}", f"http://{LOOPBACK}:{sandbox_port}"
    pair = make_certificate(wishes.state, now=datetime.now(UTC)) if wishes.tls else None
    certificate = pair and pair[0]

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
    tls = () if pair is None else ("--certificate", str(pair[0]), "--key", str(pair[1]))
    # It takes as long to start as the tables to be made; nobody asks it before they are there.
    portal = children.start("portal", *BAWABATI, "serve", "--port", str(portal_port), *tls)
    bill = _bring_bills(children, state=wishes.state, sandbox_url=sandbox_url, owner=owner)

    say("Opening the doors …")
    children.wait_for(sandbox, until=lambda: answers(sandbox_url))
    children.wait_for(portal, until=lambda: answers(f"{portal_url}/ar/", certificate=certificate))
    children.start("worker", *BAWABATI, "worker")
    desks = place_desks(state=wishes.state, portal_url=portal_url, sandbox_url=sandbox_url, certificate=certificate)
    return Street(portal_url=portal_url, sandbox_url=sandbox_url, bill=bill, desks=desks, certificate=certificate)


def answers(url: str, *, certificate: Path | None = None) -> bool:
    """Whether a page comes from there."""
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate))
    directly = urllib.request.ProxyHandler({})  # whatever proxy this machine uses, loopback is not behind it
    try:
        with urllib.request.build_opener(directly, trusting).open(url, timeout=_ANSWER_SECONDS):
            return True
    except OSError:
        return False


def _start_postgres(children: Children, *, state: Path) -> tuple[Child, Path] | None:
    """Our own PostgreSQL, unless the environment names another."""
    if children.settings.get("DATABASE_URL"):
        return None
    announcement = state / "postgres.json"
    announcement.unlink(missing_ok=True)
    arguments = ("--state", str(state / "database"), "--announce", str(announcement))
    return children.start("postgres", "-m", "bawabati.config.embedded_postgres", *arguments), announcement


def _start_sandbox(children: Children, *, wishes: Wishes, http_port: int, smtp_port: int) -> Child:
    ports = ("--http-port", str(http_port), "--smtp-port", str(smtp_port))
    state, announcement = wishes.state / "sandbox", wishes.state / "sandbox.json"
    files = ("--state", str(state), "--announce", str(announcement), "--bank-files", str(wishes.state / "bank"))
    return children.start("sandbox", "-m", "sandbox", *ports, *files)


def _addresses_in(announcement: Path) -> Mapping[str, str]:
    announced = json.loads(announcement.read_text())
    return {name: announced[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}


def _secret_key_file(state: Path) -> Path:
    """Made once: another key would close every link on a receipt."""
    path = state / "secret-key"
    if not path.exists():
        unfinished = path.with_name("secret-key.new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(secrets.token_urlsafe(48))
        unfinished.rename(path)
    return path


def _bring_bills(children: Children, *, state: Path, sandbox_url: str, owner: Mapping[str, str]) -> BillToPay:
    """Tables, companies, and bills as their billing systems would send them; the same files again change nothing."""
    steps = [["setup-database", "--verbosity", "0"], ["demo-company", "--sandbox-url", sandbox_url]]
    for company, count in _BILLS.items():
        file = state / f"bills-{company}.csv"
        if not file.exists():
            wish = ("--company", company, "--bills", str(count), "--output", str(file), "--with-contacts")
            steps.append(["demo-data", *wish])
        by = ("--company", company, "--as", f"operator@{company}.example")
        steps.append(["import-bills", str(file), *by])
    steps.append(["demo-bill", "--company", next(iter(_BILLS))])
    bill = in_one_process(children, "prepare", steps, **owner).answer("payment_number")
    return BillToPay(payment_number=bill["payment_number"], amount=bill["amount"], second_value=bill["second_value"])
