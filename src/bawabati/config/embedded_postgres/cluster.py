"""PostgreSQL's data folder: made in one piece, started as our child, stopped in order."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

from bawabati.config.embedded_postgres.place import Place

_LAST_LINES = 12
_ATTEMPTS_AT_A_PORT = 5
_START_SECONDS = 120
_STOP_SECONDS = 30

_ONLY_LOOPBACK_ONLY_WITH_A_PASSWORD = "host all all 127.0.0.1/32 scram-sha-256\n"  # noqa: S105 - no password in it

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths may not be longer than 107 bytes
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "password_encryption": "scram-sha-256",
}
_DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Room for an import of a million bills; the rest of the machine stays for the portal.
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "jit": "off",
}

_ROLES = """\
CREATE ROLE bawabati_owner LOGIN
CREATE ROLE bawabati_app LOGIN
CREATE DATABASE bawabati OWNER bawabati_owner
REVOKE ALL ON DATABASE bawabati FROM PUBLIC
GRANT CONNECT, TEMPORARY ON DATABASE bawabati TO bawabati_app
"""


class PostgresWouldNotStart(Exception):  # noqa: N818 - it says what happened
    """PostgreSQL refused; the words hold the last lines that it wrote."""


def create_cluster_once(place: Place, *, durable: bool, log: Path) -> None:
    """Makes the data folder with its roles and database, unless it is there. Never leaves half of one."""
    if place.data.exists():
        return
    new = place.data.with_name(f"{place.data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    place.give(new)
    options = ["--data-checksums"] if durable else ["--no-data-checksums", "--no-sync"]
    _run(
        place,
        # Nobody may come in by initdb's own rules: ours replace them before the first start.
        *("initdb", "--pgdata", str(new), "--username", "postgres", "--auth", "reject"),
        *(
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
        ),
        *options,
        log=log,
    )
    (new / "pg_hba.conf").write_text(_ONLY_LOOPBACK_ONLY_WITH_A_PASSWORD)
    tell_a_stopped_server(place, _ROLES, log=log, data=new)
    new.rename(place.data)


def tell_a_stopped_server(place: Place, statements: str, *, log: Path, data: Path | None = None) -> None:
    """Runs SQL, one statement a line, while the server is not running. Needs no password."""
    settings = (
        "-c",
        "exit_on_error=on",
        "-c",
        "log_min_error_statement=panic",
    )  # a statement may hold a password
    _run(
        place,
        "postgres",
        "--single",
        "-D",
        str(data or place.data),
        *settings,
        "postgres",
        log=log,
        told=statements,
    )


def start(place: Place, *, durable: bool, log: Path, port: int | None = None) -> tuple[int, Popen[bytes]]:
    """Starts the server on `port`, or on a free one; returns port and process once it takes connections."""
    fixed_port = port
    settings = _SETTINGS | (_DURABLE if durable else _QUICK)
    for attempt in range(1, _ATTEMPTS_AT_A_PORT + 1):
        port = fixed_port or _free_port()
        options = [f"--{name}={value}" for name, value in settings.items()]
        with log.open("ab") as written:
            process = Popen(  # noqa: S603 - our own command
                [place.programs / "postgres", "-D", place.data, "-p", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C is for us; we stop it in order
                preexec_fn=_stop_when_the_parent_dies(),  # noqa: PLW1509 - no other thread runs yet
                **_as_the_account(place),
            )
        try:
            if _takes_connections(process, place=place):
                return port, process
        except BaseException:
            stop(process)
            raise
        if attempt == _ATTEMPTS_AT_A_PORT or "could not bind" not in last_lines(log):
            raise PostgresWouldNotStart(f"PostgreSQL did not start. It wrote to {log}:\n{last_lines(log)}")
    raise AssertionError


def stop(process: Popen[bytes]) -> None:
    """Stops the server in order (open transactions are rolled back), or by force if it does not listen."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def end_leftovers(place: Place) -> None:
    """Ends a server that outlived the program that started it, and removes the note of one that is gone."""
    note = place.data / "postmaster.pid"
    if not note.exists():
        return
    deadline = time.monotonic() + _STOP_SECONDS
    while living := _processes_in(place.data):
        first = _process_of(note)
        for process in [first] if first in living else living:
            os.kill(process, signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
        time.sleep(0.1)
    if sys.platform == "linux":
        # The number in the note may be another program's by now; PostgreSQL would take that for its server.
        note.unlink(missing_ok=True)


def last_lines(log: Path) -> str:
    """The last lines of a log, for a person."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LAST_LINES:])


def _run(place: Place, program: str, *arguments: str, log: Path, told: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [place.programs / program, *arguments],
        input=told.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        **_as_the_account(place),
    )
    with log.open("ab") as written:
        written.write(done.stdout)
    if done.returncode != 0:
        raise PostgresWouldNotStart(f"PostgreSQL's {program} failed. It wrote to {log}:\n{last_lines(log)}")


def _as_the_account(place: Place) -> dict[str, Any]:
    # Not in our own working folder, where the account may have no right to be; not with our PG… variables.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    account: dict[str, Any] = {"cwd": "/", "env": environment}
    if place.user is not None:
        account |= {"user": place.user, "group": place.group, "extra_groups": []}
    return account


def _stop_when_the_parent_dies() -> Callable[[], None] | None:
    """On Linux the system itself tells the child, even when we were killed without a chance to."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def ask() -> None:
        library.prctl(set_parent_death_signal, signal.SIGINT)

    return ask


def _takes_connections(process: Popen[bytes], *, place: Place) -> bool:
    """Waits until the server's own note says that it is ready; False when the server ended instead."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise PostgresWouldNotStart(f"PostgreSQL was not ready after {_START_SECONDS} seconds.")
        if _note_says_ready(place.data / "postmaster.pid", process=process):
            return True
        time.sleep(0.02)
    return False


def _note_says_ready(note: Path, *, process: Popen[bytes]) -> bool:
    try:
        lines = note.read_text().splitlines()
    except FileNotFoundError:
        return False
    the_status = 7  # the eighth line, written last
    return len(lines) > the_status and lines[0] == str(process.pid) and lines[the_status].strip() == "ready"


def _process_of(note: Path) -> int | None:
    try:
        return int(note.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return None


def _processes_in(data: Path) -> list[int]:
    """Processes that work in the data folder, as PostgreSQL's do. Empty where the system cannot tell."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == data:
                found.append(int(entry.parent.name))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
