"""The tests on a PostgreSQL that runs already, of whatever version:

    TEST_POSTGRES=postgresql://postgres:password@127.0.0.1:5432/postgres make test HANDS=0 ARGS=tests/database

It is named as its superuser. Roles and database are made by the very statements of docs/guides/install.md, and
removed at the end; one run at a time, because the guide names them. A server that holds a `bawabati` is somebody's
installation: it is left alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import psycopg

VARIABLE: Final = "TEST_POSTGRES"
THE_GUIDE: Final = Path(__file__).parent.parent / "docs" / "guides" / "install.md"
CHOOSES_FOR_EACH_GRANT: Final = 160000
REMOVED: Final = (
    "DROP DATABASE IF EXISTS bawabati WITH (FORCE)",
    "DROP ROLE IF EXISTS bawabati_app_every_company",
    "DROP ROLE IF EXISTS bawabati_app",
    "DROP ROLE IF EXISTS bawabati_owner",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a PostgreSQL answers, and as whom."""

    application_url: str
    owner_url: str
    superuser_url: str


class SomebodysInstallation(Exception):  # noqa: N818 - it says what is there
    pass


@contextmanager
def postgres_elsewhere() -> Iterator[Addresses]:
    """The server that the environment names, prepared as a stranger prepares it."""
    superuser_url = os.environ[VARIABLE]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = 'bawabati'").fetchone():
            raise SomebodysInstallation(f"the server of {VARIABLE} holds a database `bawabati`: tests empty theirs")
        for statement in statements_of_the_guide(version=connection.info.server_version):
            connection.execute(statement.encode())
    try:
        yield Addresses(
            application_url=_as(superuser_url, role="bawabati_app"),
            owner_url=_as(superuser_url, role="bawabati_owner"),
            superuser_url=urlsplit(superuser_url)._replace(path="/bawabati").geturl(),
        )
    finally:
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            for statement in REMOVED:
                connection.execute(statement.encode())


def statements_of_the_guide(*, version: int) -> list[str]:
    """What step 2 of the guide says for that version of PostgreSQL, in order."""
    blocks = re.findall(r"```sql\n(.*?)```", THE_GUIDE.read_text(), re.DOTALL)
    every_version, *grants = (_statements(block) for block in blocks)
    older, newer = grants
    return every_version + (newer if version >= CHOOSES_FOR_EACH_GRANT else older)


def _statements(block: str) -> list[str]:
    return [statement.strip() for statement in block.split(";") if statement.strip()]


def _as(url: str, *, role: str) -> str:
    """The passwords stand in the guide's own statements."""
    written = re.search(rf"CREATE ROLE {role} LOGIN PASSWORD '([^']+)'", THE_GUIDE.read_text())
    assert written, role
    server = urlsplit(url)
    return f"postgresql://{role}:{quote(written[1])}@{server.hostname}:{server.port}/bawabati"
