"""The journal's file: one SQLite database that has reached the disk whenever a change returns."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from agency_bridge.journal.schema import TABLES, VERSION

FILE: Final = "journal.sqlite3"


class JournalNotUsable(Exception):  # noqa: N818 - it says what happened
    """The journal cannot be opened; the sentence says why. Nothing may be sent without it."""


class JournalFile:
    """One process, one thread, one file in `folder`.

    Raises:
        JournalNotUsable: another bridge runs on this folder, the file is damaged, or it is of a newer version.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        path.touch(mode=0o600)
        try:
            self.database = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._prepare()
        except sqlite3.OperationalError as error:
            reason = "another bridge runs on this folder" if "locked" in str(error) else str(error)
            raise JournalNotUsable(f"{path} cannot be used: {reason}") from error
        except sqlite3.Error as error:
            raise JournalNotUsable(f"{path} cannot be used: {error}") from error
        _sync_folder(folder)

    def _prepare(self) -> None:
        # Exclusive until the process ends, however it ends: two bridges on one journal would send twice.
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE", "synchronous = EXTRA", "foreign_keys = ON"):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.execute("BEGIN EXCLUSIVE")
        self.database.execute("COMMIT")
        self.database.row_factory = sqlite3.Row
        (version,) = self.database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise JournalNotUsable("the journal was written by a newer bridge")
        if version < VERSION:
            self.database.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

    @contextmanager
    def written(self) -> Iterator[sqlite3.Connection]:
        """What happens inside has reached the disk when the block ends; or none of it, when it raises."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def close(self) -> None:
        self.database.close()


def _sync_folder(folder: Path) -> None:
    """The file's name, too, has to reach the disk; Windows does that by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
