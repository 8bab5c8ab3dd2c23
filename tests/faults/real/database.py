"""A real PostgreSQL for one process of the long run: its own, quick, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "bawabati.config.settings",
    "BAWABATI_SECRET_KEY": "a key for the fault harness, known to everybody who reads it",
    "BAWABATI_HOSTS": "127.0.0.1",
    "BAWABATI_EMAIL_FROM": "bills@example.com",
}


class Tables:
    """Empties what seeds have left behind, as nobody but a superuser may."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        self._names = [sql.Identifier(name) for (name,) in connection.execute(query)]

    def empty(self) -> None:
        """All rows of all tables; the insert-only ones too."""
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            everything = sql.SQL(", ").join(self._names)
            self._connection.execute(sql.SQL("TRUNCATE {}").format(everything))


@contextmanager
def own_database() -> Iterator[Tables]:
    """Django is set up on a database of this process's own while the block lasts. Once in a process."""
    # Everybody may enter: root's PostgreSQL runs as another account.
    state = Path(tempfile.mkdtemp(prefix="bawabati-faults-"))
    state.chmod(0o755)
    for name in [name for name in os.environ if name.startswith(("BAWABATI_", "DATABASE_", "PG"))]:
        del os.environ[name]
    os.environ |= SETTINGS | {"BAWABATI_STATE": str(state)}
    from bawabati.config.embedded_postgres import running_postgres  # noqa: PLC0415 - with the environment above
    from bawabati.scope import every_company  # noqa: PLC0415

    try:
        with running_postgres(state=state / "database", durable=False) as server:
            os.environ |= {"DATABASE_URL": server.application_url, "DATABASE_OWNER_URL": server.owner_url}
            with every_company("the harness plays everybody"):
                yield from _with_tables(server.superuser_url)
    finally:
        shutil.rmtree(state, ignore_errors=True)


def _with_tables(superuser_url: str) -> Iterator[Tables]:
    import django  # noqa: PLC0415 - settings first
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    call_command("setup_database", verbosity=0)
    with psycopg.connect(superuser_url, autocommit=True) as behind_the_scenes:
        yield Tables(behind_the_scenes)
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()
