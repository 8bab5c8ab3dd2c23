"""The whole database, at one moment, into one sealed file that was read again before it counts."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Final

from django.db import DEFAULT_DB_ALIAS, connection

from bawabati.adapters import registry
from bawabati.errors import CannotDo
from bawabati.flows.steps.backup_files import LENGTH_BYTES, database_address, list_backups, read_backup
from bawabati.flows.steps.files_of_the_folder import open_as_its_folder
from bawabati.flows.steps.side_effects import outside, read_at_one_instant, written_together
from bawabati.flows.steps.totals import migrations_of, totals
from bawabati.operations.rules import to_remove
from bawabati.operations.writes import note_backup
from bawabati.sealed_stream import SealingWriter

PIECE: Final = 1 << 20


class BackupRunning(CannotDo):
    """Two at once would only slow each other down."""

    code: ClassVar[str] = "backup_running"
    sentence: ClassVar[str] = "Another backup is being written into this folder."


class BackupKeyMissing(CannotDo):
    """A backup that anybody can read is a leak that waits."""

    code: ClassVar[str] = "backup_key_missing"
    sentence: ClassVar[str] = "There is no key for backups: set BAWABATI_BACKUP_KEYS or BAWABATI_BACKUP_KEYS_FILE."


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was written and found whole; `removed` names the files that were too old."""

    file: Path
    size: int
    sha256: str
    manifest: dict[str, Any]
    removed: tuple[str, ...]


def back_up(*, folder: Path, keys: Sequence[str], days: int, now: datetime) -> Made:
    """Writes a backup into `folder`, whole or not at all, then removes the files that are too old.

    Safe to repeat, and to kill. Rule: backup-is-read-again, backups-kept (behaviour.md 6, "Restore from a backup")

    Raises:
        BackupKeyMissing, BackupRunning, ProgramsMissing, CopyFailed, OSError.
    """
    if not keys:
        raise BackupKeyMissing
    began = monotonic()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder):
        _remove_halves(folder)
        name = f"bawabati-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.backup"
        half = folder / f"{name}.part"
        with outside("back_up: file written"):
            _write(half, key=keys[0], now=now)
            with read_backup(half, keys=keys) as (manifest, content):
                while content.read(PIECE):
                    pass
            digest = _digest(half)
            _write_whole(folder / f"{name}.sha256", f"{digest}  {name}\n")
            half.rename(folder / name)
            _keep_names(folder)
        size = (folder / name).stat().st_size
        with written_together("back_up: noted"):
            note_backup(
                made_at=now, file_name=name, size=size, sha256=digest, milliseconds=int((monotonic() - began) * 1000)
            )
        removed = _remove_old(folder, days=days, now=now)
    return Made(file=folder / name, size=size, sha256=digest, manifest=manifest, removed=removed)


def _write(half: Path, *, key: str, now: datetime) -> None:
    """Manifest and database as they are at one moment: PostgreSQL lends its snapshot to the program that copies."""
    copier = registry.database_copier()
    with os.fdopen(open_as_its_folder(half, os.O_WRONLY | os.O_EXCL), "wb") as file:
        sealed = SealingWriter(file, key=key)
        with read_at_one_instant():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_export_snapshot()")
                (snapshot,) = cursor.fetchone()
            manifest = {
                "format": 1,
                "version": version("bawabati"),
                "made_at": now.astimezone(UTC).isoformat(),
                "migrations": migrations_of(using=DEFAULT_DB_ALIAS),
                "totals": totals(using=DEFAULT_DB_ALIAS),
            }
            written = json.dumps(manifest, sort_keys=True).encode()
            sealed.write(len(written).to_bytes(LENGTH_BYTES, "big") + written)
            with copier.copy_out(database_address(DEFAULT_DB_ALIAS), snapshot=snapshot) as copied:
                while piece := copied.read(PIECE):
                    sealed.write(piece)
        sealed.finish()
        file.flush()
        os.fsync(file.fileno())


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _write_whole(path: Path, text: str) -> None:
    half = path.with_name(f"{path.name}.part")
    with os.fdopen(open_as_its_folder(half, os.O_WRONLY | os.O_TRUNC), "w") as file:
        file.write(text)
    half.rename(path)


def _keep_names(folder: Path) -> None:
    """So that the file's name survives a power cut, as its content does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_old(folder: Path, *, days: int, now: datetime) -> tuple[str, ...]:
    old = to_remove(list_backups(folder), days=days, now=now)
    for file in old:
        (folder / file.name).unlink(missing_ok=True)
        (folder / f"{file.name}.sha256").unlink(missing_ok=True)
    return tuple(file.name for file in old)


def _remove_halves(folder: Path) -> None:
    """What a run that was killed has left."""
    for half in folder.glob("bawabati-*.part"):
        half.unlink(missing_ok=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """A lock that the system itself drops when its holder dies. Raises BackupRunning."""
    descriptor = open_as_its_folder(folder / "lock", os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRunning from None
        yield
    finally:
        os.close(descriptor)
