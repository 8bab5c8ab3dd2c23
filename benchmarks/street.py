"""The whole street as processes, for a benchmark: a durable PostgreSQL, the portal, the worker, the sandbox.

The limits are off and the captcha's work is at its least, because one payer stands for thousands; nothing else
differs from an installation.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres  # noqa: E402 - found by the line above
from programs import Program, free_port, running  # noqa: E402

COMPANY = "oran"
BAWABATI = ("-m", "bawabati.config.commands")
A_KEY = "a key for benchmarks, known to everybody who reads them"


@dataclass(frozen=True, kw_only=True)
class Street:
    """What runs, and with which settings more of it can be started."""

    postgres: RunningPostgres
    portal: Program
    worker: Program
    sandbox: Program
    settings: dict[str, str]

    def bawabati(self, *arguments: str) -> str:
        """Runs a command of ours to its end; gives what it said, whether or not it is content."""
        command = [sys.executable, *BAWABATI, *arguments]
        return subprocess.run(
            command, env=os.environ | self.settings, stdout=subprocess.PIPE, text=True, check=False
        ).stdout.strip()

    def numbers_to_pay(self) -> list[str]:
        """Payment numbers of bills that can be paid now."""
        with psycopg.connect(self.postgres.owner_url) as connection:
            return [
                number
                for (number,) in connection.execute(
                    "SELECT payment_number FROM bills_bill JOIN companies_company AS company ON company.id = company_id"
                    " WHERE code = %s AND status = 'open' AND settled_centimes = 0"
                    " AND due_centimes BETWEEN minimum_centimes AND ceiling_centimes ORDER BY bills_bill.id",
                    [COMPANY],
                )
            ]


def filled(postgres: RunningPostgres, folder: Path) -> dict[str, str]:
    """The settings of an installation whose database holds the demo's companies and nothing else."""
    settings = {
        "DATABASE_URL": postgres.application_url,
        "DATABASE_OWNER_URL": postgres.owner_url,
        "BAWABATI_SECRET_KEY": A_KEY,
        "BAWABATI_STATE": str(folder),
        "PYTHONPATH": str(ROOT / "src"),
    }
    for arguments in (("setup-database", "-v0"), ("demo-company", "--sandbox-url", "http://127.0.0.1:1")):
        command = [sys.executable, *BAWABATI, *arguments]
        subprocess.run(command, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
    return settings


@contextmanager
def open_street(*, bills: int) -> Iterator[Street]:
    """Opens the street with that many bills of one company; nothing of it is left after the block."""
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder, ExitStack() as programs:
        state = Path(folder)
        state.chmod(0o755)  # PostgreSQL may run as another account
        postgres = programs.enter_context(running_postgres(state=state / "database", say=lambda _word: None))
        port = free_port()
        sandbox = programs.enter_context(
            running("sandbox", "-m", "sandbox", "--state", str(state / "sandbox"), state=state, announces=True)
        )
        settings = {
            "DATABASE_URL": postgres.application_url,
            "DATABASE_OWNER_URL": postgres.owner_url,
            "BAWABATI_SECRET_KEY": A_KEY,
            "BAWABATI_STATE": str(state),
            "BAWABATI_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "BAWABATI_EMAIL_URL": f"smtp://{sandbox.announced['smtp_host']}:{sandbox.announced['smtp_port']}",
            "BAWABATI_EMAIL_FROM": "bawabati@example.com",
            "BAWABATI_LIMITS": "0",
        }
        _fill(settings, state=state, sandbox_url=sandbox.url, bills=bills)
        with psycopg.connect(postgres.owner_url) as connection:
            connection.execute("UPDATE companies_company SET captcha_cost = 1")
        url = settings["BAWABATI_PUBLIC_URL"]
        serve = (*BAWABATI, "serve", "--port", str(port))
        portal = programs.enter_context(running("portal", *serve, settings=settings, state=state, url=url))
        worker = programs.enter_context(running("worker", *BAWABATI, "worker", settings=settings, state=state))
        yield Street(postgres=postgres, portal=portal, worker=worker, sandbox=sandbox, settings=settings)


def _fill(settings: dict[str, str], *, state: Path, sandbox_url: str, bills: int) -> None:
    file = str(state / "bills.csv")
    for arguments in (
        ("setup-database", "-v0"),
        ("demo-company", "--sandbox-url", sandbox_url),
        ("demo-data", "--company", COMPANY, "--bills", str(bills), "--output", file),
        ("import-bills", file, "--company", COMPANY, "--as", f"operator@{COMPANY}.example"),
    ):
        command = [sys.executable, *BAWABATI, *arguments]
        subprocess.run(command, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
