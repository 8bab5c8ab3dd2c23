"""`python -m bawabati.config.embedded_postgres --state DIR` runs PostgreSQL until it is told to stop."""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bawabati.config.embedded_postgres import (
    AlreadyRunning,
    NowhereToRun,
    PostgresWouldNotStart,
    RunningPostgres,
    running_postgres,
)
from bawabati.config.embedded_postgres.access import write_privately
from bawabati.config.embedded_postgres.cluster import last_lines


def main() -> int:
    """Runs until SIGTERM, SIGINT or SIGHUP; 0 when it was asked to stop, 1 when PostgreSQL would not run."""
    options = _read_arguments()
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked, _leave)
    try:
        with running_postgres(state=options.state, durable=not options.quick, port=options.port, say=_say) as postgres:
            _announce(postgres, to=options.announce)
            postgres.process.wait()
            _say(f"PostgreSQL stopped by itself. Its last words:\n{last_lines(postgres.log)}")
            return 1
    except (AlreadyRunning, NowhereToRun, PostgresWouldNotStart) as refusal:
        _say(str(refusal))
        return 1
    finally:
        options.announce.unlink(missing_ok=True)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bawabati.config.embedded_postgres", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps data, passwords and log")
    parser.add_argument("--announce", type=Path, help="file for the addresses (default: postgres.json in --state)")
    parser.add_argument("--port", type=int, help="where to listen on the loopback address (default: a free port)")
    parser.add_argument("--quick", action="store_true", help="for tests: fast, but a power cut may lose everything")
    options = parser.parse_args()
    options.announce = options.announce or options.state / "postgres.json"
    return options


def _announce(postgres: RunningPostgres, *, to: Path) -> None:
    """Written when the server takes connections: whoever waits for the file need not ask anything else."""
    addresses = {
        "DATABASE_URL": postgres.application_url,
        "DATABASE_OWNER_URL": postgres.owner_url,
        "SUPERUSER_URL": postgres.superuser_url,
        "PROGRAMS": str(postgres.programs),
        "LOG": str(postgres.log),
    }
    write_privately(to, json.dumps(addresses, indent=1))
    _say(f"PostgreSQL is ready; its addresses are in {to}.")


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)  # stopping is under way; a second wish changes nothing
    sys.exit(0)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201 - this program speaks to a terminal


if __name__ == "__main__":
    sys.exit(main())
