"""The whole street as true processes on one state folder: whatever is killed finds its own traces again.

PostgreSQL is durable (fsync on) and its postmaster a process of its own; portal, two workers and the sandbox each have
a fixed address, so that a restart is seen by nobody but by whoever was speaking to it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from faults.killing.programs import PATIENCE_SECONDS, Victim
from programs import DidNotStart, answers, free_port

COMPANY = "oran"
BAWABATI = ("-m", "bawabati.config.commands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How quickly time passes on this street, in seconds: what takes a day elsewhere takes a minute here."""

    page: int
    """The gateway's page lives so long."""
    grace: int
    late_checks: tuple[int, ...]
    ask_every: int
    auto_cancel: int
    """The gateway takes a payment back that nobody has acknowledged for so long."""
    registration: int
    """How long a registration may be under way."""

    def schedule(self) -> str:
        return json.dumps(
            {
                "first_asks": [self.ask_every],
                "ask_every": self.ask_every,
                "grace_after_page": self.grace,
                "late_checks": self.late_checks,
                "in_doubt_asks": [[60, self.ask_every], [600, 2 * self.ask_every]],
                "register_ages": [self.registration, self.registration + self.ask_every],
                "registration_lasts": self.registration,
                "never_registered_age": self.registration + 1,
                "never_registered_apart": self.ask_every,
            }
        )


QUICK = Pace(page=6, grace=2, late_checks=(1, 1, 1), ask_every=1, auto_cancel=60, registration=5)
STEADY = Pace(page=15, grace=8, late_checks=(4, 5, 6), ask_every=3, auto_cancel=60, registration=21)


class KilledStreet:
    """Starts all of it once; then each part may be killed and started as often as one likes."""

    def __init__(self, *, state: Path, pace: Pace, workers: int) -> None:
        self.state = state
        self.pace = pace
        self._ports = {name: free_port() for name in ("portal", "sandbox", "smtp", "postgres")}
        self.portal_url = f"http://127.0.0.1:{self._ports['portal']}"
        self.sandbox_url = f"http://127.0.0.1:{self._ports['sandbox']}"
        self._addresses = state / "postgres.json"
        self.postgres = self._victim(
            "postgres",
            *("-m", "bawabati.config.embedded_postgres", "--state", str(state / "database")),
            *("--announce", str(self._addresses), "--port", str(self._ports["postgres"])),
            settings={},
            is_ready=self._addresses.exists,
        )
        self.sandbox = self._victim(
            "sandbox",
            *("-m", "sandbox", "--state", str(state / "sandbox"), "--log-level", "warning"),
            *("--http-port", str(self._ports["sandbox"]), "--smtp-port", str(self._ports["smtp"])),
            settings={
                "SANDBOX_PAGE_SECONDS": str(pace.page),
                "SANDBOX_AUTO_CANCEL_SECONDS": str(pace.auto_cancel),
                "SANDBOX_CODE_SECONDS": str(pace.page),
            },
            is_ready=lambda: answers(f"{self.sandbox_url}/control/health"),
        )
        self.settings: dict[str, str] = {}
        self._workers = workers
        self.portal: Victim
        self.workers: list[Victim]

    def open(self, *, bills: int) -> None:
        self.postgres.start()
        self.sandbox.start()
        self.postgres.wait_until_ready()
        self.sandbox.wait_until_ready()
        addresses = json.loads(self._addresses.read_text())
        self.settings = {
            "DATABASE_URL": addresses["DATABASE_URL"],
            "DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"],
            "BAWABATI_SECRET_KEY": "a key for killed programs, known to everybody who reads them",
            "BAWABATI_STATE": str(self.state),
            "BAWABATI_PUBLIC_URL": self.portal_url,
            "BAWABATI_EMAIL_URL": f"smtp://127.0.0.1:{self._ports['smtp']}",
            "BAWABATI_EMAIL_FROM": "bawabati@example.com",
            "BAWABATI_LIMITS": "0",
            "BAWABATI_SWEEP_EVERY_SECONDS": "1",
            "BAWABATI_ASK_SCHEDULE": self.pace.schedule(),
        }
        self._superuser_url = addresses["SUPERUSER_URL"]
        file = str(self.state / "bills.csv")
        for arguments in (
            ("setup-database", "-v0"),
            ("demo-company", "--sandbox-url", self.sandbox_url),
            ("demo-data", "--company", COMPANY, "--bills", str(bills), "--output", file),
            ("import-bills", file, "--company", COMPANY, "--as", f"operator@{COMPANY}.example"),
        ):
            said, code = self.bawabati(*arguments)
            assert code == 0, said
        with self.database() as connection:
            connection.execute("UPDATE companies_company SET captcha_cost = 1")
            connection.execute("UPDATE companies_gatewayaccount SET page_life_seconds = %s", [self.pace.page])
        self.portal = self._victim(
            "portal",
            *(*BAWABATI, "serve", "--port", str(self._ports["portal"])),
            settings=self.settings,
            is_ready=lambda: answers(f"{self.portal_url}/robots.txt"),
        )
        self.workers = [
            self._victim(f"worker {number}", *BAWABATI, "worker", settings=self.settings)
            for number in range(1, self._workers + 1)
        ]
        for victim in (self.portal, *self.workers):
            victim.start()
        self.portal.wait_until_ready()

    def crash_the_database(self) -> None:
        """`kill -9` of the postmaster: no backend says goodbye, and the next start recovers from the log."""
        os.kill(self._postmaster(), signal.SIGKILL)
        assert self.postgres.process is not None
        self.postgres.killed += 1
        self.postgres.process.wait(timeout=PATIENCE_SECONDS)
        self._addresses.unlink(missing_ok=True)

    def crash_a_backend(self, number: int) -> bool:
        """`kill -9` of one of PostgreSQL's processes: it throws all connections out and recovers by itself."""
        postmaster = self._postmaster()
        backends = sorted(int(pid) for pid in _children_of(postmaster))
        if not backends:
            return False
        with suppress(ProcessLookupError):
            os.kill(backends[number % len(backends)], signal.SIGKILL)
        return True

    def start_the_database(self) -> None:
        self.postgres.start()
        self.postgres.wait_until_ready()

    def everything(self) -> Iterator[Victim]:
        yield from (*self.workers, self.portal, self.sandbox, self.postgres)

    def end(self) -> None:
        for victim in (*getattr(self, "workers", ()), getattr(self, "portal", None), self.sandbox, self.postgres):
            if victim is not None:
                victim.end()

    def bawabati(self, *arguments: str) -> tuple[str, int]:
        """Runs a command of ours to its end; gives what it said and its exit code."""
        done = subprocess.run(
            [sys.executable, *BAWABATI, *arguments],
            env=os.environ | self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout.strip(), done.returncode

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        """Behind the scenes, each statement for itself."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                connection = psycopg.connect(self._superuser_url, autocommit=True, connect_timeout=5)
                break
            except psycopg.OperationalError:  # it recovers from a crash
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        with connection:
            yield connection

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return connection.execute(question.encode()).fetchall()

    def _postmaster(self) -> int:
        note = next(iter(self._data_folder().glob("postmaster.pid")))
        return int(note.read_text().split(maxsplit=1)[0])

    def _data_folder(self) -> Path:
        pointer = self.state / "database" / "postgres-is-elsewhere"
        return (Path(pointer.read_text().strip()) if pointer.exists() else self.state / "database") / "postgres"

    def _victim(self, name: str, *command: str, settings: Mapping[str, str], **more: Any) -> Victim:  # noqa: ANN401
        log = self.state / f"{name.replace(' ', '-')}.log"
        return Victim(name=name, command=command, settings=settings, log=log, **more)


def _children_of(parent: int) -> Iterator[str]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "stat").read_text().rpartition(")")[2].split()[1] == str(parent):
                yield folder.name


__all__ = ["COMPANY", "QUICK", "STEADY", "DidNotStart", "KilledStreet", "Pace"]
