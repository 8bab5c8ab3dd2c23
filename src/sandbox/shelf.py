"""Where the sandbox puts what it must still know after a restart: rows of JSON under a kind and a key.

The sandbox works in memory; a shelf is only written while it runs, and read once when it starts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

Row = Mapping[str, Any]


class Shelf(Protocol):
    """Keeps rows. One writer; the calls come from one thread."""

    def put(self, kind: str, key: str, row: Row) -> None:
        """Keeps `row`, in place of what stood under the same kind and key."""

    def drop(self, kind: str, key: str) -> None:
        """Forgets one row; nothing happens when there is none."""

    def rows(self, kind: str) -> Iterator[dict[str, Any]]:
        """All rows of a kind, in the order in which their keys were first put."""

    def together(self) -> AbstractContextManager[None]:
        """What is put inside is kept as a whole, or not at all."""

    def clear(self) -> None:
        """Forgets everything."""

    def close(self) -> None:
        """Lets go of the file."""


class NoShelf:
    """For a sandbox that forgets everything when it ends."""

    def put(self, kind: str, key: str, row: Row) -> None:
        """Nothing is kept."""

    def drop(self, kind: str, key: str) -> None:
        """Nothing was kept."""

    def rows(self, kind: str) -> Iterator[dict[str, Any]]:
        del kind
        return iter(())

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def clear(self) -> None:
        """Nothing was kept."""

    def close(self) -> None:
        """There is no file."""


class SqliteShelf:
    """A shelf in one SQLite file.

    `synchronous = OFF`: a power cut may lose the last rows, a killed process loses none. It is not real money, and
    hundreds of orders a second pass here during a load test.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS kept ("
            "  place INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, UNIQUE (kind, key))"
        )
        self._in_transaction = False

    def put(self, kind: str, key: str, row: Row) -> None:
        self._connection.execute(
            "INSERT INTO kept (kind, key, row) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET row = excluded.row",
            (kind, key, json.dumps(row)),
        )

    def drop(self, kind: str, key: str) -> None:
        self._connection.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))

    def rows(self, kind: str) -> Iterator[dict[str, Any]]:
        for (row,) in self._connection.execute("SELECT row FROM kept WHERE kind = ? ORDER BY place", (kind,)):
            yield json.loads(row)

    @contextmanager
    def together(self) -> Iterator[None]:
        if self._in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._in_transaction = False

    def clear(self) -> None:
        self._connection.execute("DELETE FROM kept")

    def close(self) -> None:
        self._connection.close()
